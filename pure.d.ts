// What the pure folders may use beyond the language itself. It is in every realm (page, workers, Node), has no
// state and no clock, and is all that stands between "no lib.dom" and writing our own UTF-8.
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}
declare function btoa(latin1: string): string;
declare function atob(base64: string): string;
