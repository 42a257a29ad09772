/** What the operator set that can't be meant, in a sentence. */
export class ConfigError extends Error {}
