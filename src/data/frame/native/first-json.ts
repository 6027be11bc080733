// The first JSON value of a text, as lenient as Spark's reader is: quotes may be single, numbers NaN or infinite, and
// what stands behind the value does not count.

class NoJson extends Error {}

/** What values of JSON become. A word is a number as it was written, `true`, `false`, `null`, or a number without end. */
export interface JsonForm<T> {
  object(members: readonly (readonly [name: string, value: T])[]): T
  array(items: readonly T[]): T
  string(text: string): T
  word(word: string): T
}

const STRICT: JsonForm<string> = {
  // The last of members of one name counts.
  object: (members) =>
    `{${[...new Map(members)].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`,
  array: (items) => `[${items.join(',')}]`,
  string: (text) => JSON.stringify(text),
  word: (word) => (/^[+-]?[NI]/.test(word) ? JSON.stringify(word) : word),
}

/** The value as strict JSON, numbers as they were written; null when the text begins with none. */
export function firstJson(text: string): string | null {
  return readFirstJson(text, STRICT)
}

/** The first JSON value of a text in a form; null when the text begins with none. */
export function readFirstJson<T>(text: string, form: JsonForm<T>): T | null {
  try {
    return new Reader(text, form).value()
  } catch (thrown) {
    if (thrown instanceof NoJson) return null
    throw thrown
  }
}

class Reader<T> {
  private readonly text: string
  private readonly form: JsonForm<T>
  private at = 0

  constructor(text: string, form: JsonForm<T>) {
    this.text = text
    this.form = form
  }

  value(): T {
    this.blanks()
    switch (this.text[this.at]) {
      case '{':
        return this.object()
      case '[':
        return this.array()
      case '"':
      case "'":
        return this.form.string(this.string())
      default:
        return this.word()
    }
  }

  private object(): T {
    this.at += 1
    const members: (readonly [string, T])[] = []
    this.blanks()
    if (this.took('}')) return this.form.object(members)
    do {
      this.blanks()
      if (this.text[this.at] !== '"' && this.text[this.at] !== "'") throw new NoJson()
      const name = this.string()
      this.blanks()
      this.expect(':')
      members.push([name, this.value()])
      this.blanks()
    } while (this.took(','))
    this.expect('}')
    return this.form.object(members)
  }

  private array(): T {
    this.at += 1
    const items: T[] = []
    this.blanks()
    if (this.took(']')) return this.form.array(items)
    do {
      items.push(this.value())
      this.blanks()
    } while (this.took(','))
    this.expect(']')
    return this.form.array(items)
  }

  private string(): string {
    const quote = this.text[this.at]
    const [all] = (quote === '"' ? /"(?:[^"\\]|\\.)*"/sy : /'(?:[^'\\]|\\.)*'/sy).exec(this.sticky()) ?? []
    if (all === undefined) throw new NoJson()
    this.at += all.length
    const inner = all.slice(1, -1)
    try {
      return JSON.parse(`"${inner.replaceAll(/\\'/g, "'").replaceAll(/(?<!\\)((?:\\\\)*)"/g, '$1\\"')}"`) as string
    } catch {
      throw new NoJson()
    }
  }

  private sticky(): string {
    return this.text.slice(this.at)
  }

  private word(): T {
    const [word] =
      /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|[+-]?(?:INF|Infinity))(?![\w.+-])/.exec(
        this.sticky(),
      ) ?? []
    if (word === undefined) throw new NoJson()
    this.at += word.length
    return this.form.word(word)
  }

  private blanks(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? '')) this.at += 1
  }

  private took(sign: string): boolean {
    if (this.text[this.at] !== sign) return false
    this.at += 1
    return true
  }

  private expect(sign: string): void {
    if (!this.took(sign)) throw new NoJson()
  }
}
