import type { RichText } from "../../state/types.ts";

type Block = RichText[number];

const runsOf = (block: Block) =>
  block.runs.map(({ text, bold, italic }, index) => {
    const inner = italic ? <em>{text}</em> : text;
    return bold ? <strong key={index}>{inner}</strong> : <span key={index}>{inner}</span>;
  });

/** Blocks that follow each other as one list are one list. */
const groups = (text: RichText): readonly (readonly Block[])[] => {
  const grouped: Block[][] = [];
  for (const block of text) {
    const last = grouped.at(-1);
    const listed = block.type === "bullet" || block.type === "number";
    if (listed && last?.[0]?.type === block.type) last.push(block);
    else grouped.push([block]);
  }
  return grouped;
};

/** A shown text, drawn from plain values: nothing of what another person wrote becomes HTML. */
export function RichTextView({ text }: { text: RichText }) {
  return (
    <div class="rich">
      {groups(text).map((blocks, index) => {
        const [first] = blocks;
        if (first === undefined) return null;
        const key = `${index} ${first.type}`;
        if (first.type === "heading") return <h3 key={key}>{runsOf(first)}</h3>;
        if (first.type === "quote") return <blockquote key={key}>{runsOf(first)}</blockquote>;
        if (first.type === "paragraph") return <p key={key}>{runsOf(first)}</p>;
        const items = blocks.map((block, at) => <li key={at}>{runsOf(block)}</li>);
        return first.type === "bullet" ? <ul key={key}>{items}</ul> : <ol key={key}>{items}</ol>;
      })}
    </div>
  );
}
