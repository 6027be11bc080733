import { EQUALS, HTML, STR, TRUTH, TYPE_NAME } from './protocol.ts'

/**
 * Text that is known to be safe HTML, markupsafe's `Markup`: printed as it is where other text is escaped, and what is
 * added to it is escaped. For host code it is a JavaScript `String`.
 */
export class Markup extends String {
  readonly text: string

  constructor(text: string) {
    super(text)
    this.text = text
  }

  [STR](): string {
    return this.text
  }

  [HTML](): string {
    return this.text
  }

  [TRUTH](): boolean {
    return this.text !== ''
  }

  [EQUALS](other: unknown): boolean {
    return this.text === unmarked(other)
  }

  get [TYPE_NAME](): string {
    return 'Markup'
  }
}

/** Text in place of `Markup`; other values as they are. */
export function unmarked(value: unknown): unknown {
  return value instanceof Markup ? value.text : value
}

/** Whether Python would call it a `str`. */
export function isText(value: unknown): value is string | Markup {
  return typeof value === 'string' || value instanceof Markup
}

/** Text in the form of its model: `Markup` where that is one. */
export function like(model: unknown, text: string): string | Markup {
  return model instanceof Markup ? new Markup(text) : text
}
