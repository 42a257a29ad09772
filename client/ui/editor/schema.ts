/**
 * What a text may hold: the same few blocks and marks as client/documents/rich-text.ts, so that what is written can be
 * shown. Anything else that is pasted falls away.
 */
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { Italic } from "@tiptap/extension-italic";
import { BulletList, ListItem, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";

/** One level, as everywhere that a text is shown; so Tab doesn't change what was written, and leaves the text. */
const Item = ListItem.extend({
  addKeyboardShortcuts() {
    return { Enter: () => this.editor.commands.splitListItem(this.name) };
  },
});

/** Words alone, for answers: what is sent is plain text. */
export const plainSchema = [Document, Paragraph, Text, HardBreak];

export const schema = [
  Document,
  Paragraph,
  Text,
  Bold,
  Italic,
  HardBreak,
  // The title is the screen's heading; one level under it is enough.
  Heading.configure({ levels: [2] }),
  Blockquote,
  BulletList,
  OrderedList,
  Item,
];
