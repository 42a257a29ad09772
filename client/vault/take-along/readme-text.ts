/** README.txt of every archive: for whoever has the files and nothing else. */
export const README_TEXT = `This is what somebody took along out of Lomme, a private diary. Please read it only if it is yours to read.

To read it        open index.html in any web browser. No net and no Lomme are needed.
To bring it back  in Lomme: Settings, "Take along", "Bring in" - with the .zip file as it is, not unpacked.
                  (If the file ends in .age, it was opened with: age -d -o lomme.zip lomme.zip.age)

What is in it
  read/             one page for each month, to be read
  media/<id>/       photos (jpg), sounds and videos (webm, mp4); "1-small" is a small copy of "1",
                    "1-original" the file it was made of, which may tell a place and a time
  entries/<id>.json all of one entry or wish, also of what lies in the bin and isn't in the pages; pages written together
                    and what other children showed are entries that say who wrote them; so is what was left at the door
  lomme.json        which format this is, and how many entries there are

What isn't in it
  Keys, the code, the card, and who may see what.
  So nobody can be written to with this file, and nothing that was shown can be taken back with it.

How an entry is written in JSON (UTF-8)
  content.about   a map: kind ("entry" or "wish"), title, createdAt (milliseconds since 1970-01-01 UTC), pinned, archived
                  (put away), binnedAt (when it was put into the bin), day, place, from (who gave it),
                  together (who wrote it with this person), subject (what a wish is about)
  content.text    what was written: {"$nodes": [...]}; a {"$node"} is a paragraph, heading, bulletList, orderedList,
                  listItem, blockquote or hardBreak with "children"; {"$text": [{"insert": words, "attributes": bold, italic}]}
  content.moods, stickers (picture numbers 0-63), tags, persons, photos, recordings   {"$list": [...]}
  content.drawings  a map of drawings; height in thousandths of the width; strokes: colour 0-7, size in thousandths of the
                  width, points: bytes in base64, five for each point: x and y (16 bits each, high byte first, in 1/16000
                  of the width) and the pressure 0-255
  shown           to whom it was shown and what they answered
  waits           only of what was left at the door and not taken in yet: who left it, and their words to the letter
  {"$file": name} is a file of this archive. {"$missing": true}: it was not on the device the archive was made on.

The format is written down in docs/protocol/take-along.md of Lomme's source.
`;
