// The first JSON value of a text, as lenient as Spark's reader is: quotes may be single, numbers NaN or infinite, and
// what stands behind the value does not count.

class NoJson extends Error {}

/** The value as strict JSON, numbers as they were written; null when the text begins with none. */
export function firstJson(text: string): string | null {
  try {
    return new Reader(text).value()
  } catch (thrown) {
    if (thrown instanceof NoJson) return null
    throw thrown
  }
}

class Reader {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  value(): string {
    this.blanks()
    switch (this.text[this.at]) {
      case '{':
        return this.object()
      case '[':
        return this.array()
      case '"':
      case "'":
        return JSON.stringify(this.string())
      default:
        return this.word()
    }
  }

  private object(): string {
    this.at += 1
    // The last of members of one name counts.
    const members = new Map<string, string>()
    this.blanks()
    if (this.took('}')) return '{}'
    do {
      this.blanks()
      if (this.text[this.at] !== '"' && this.text[this.at] !== "'") throw new NoJson()
      const name = this.string()
      this.blanks()
      this.expect(':')
      members.set(name, this.value())
      this.blanks()
    } while (this.took(','))
    this.expect('}')
    return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
  }

  private array(): string {
    this.at += 1
    const items: string[] = []
    this.blanks()
    if (this.took(']')) return '[]'
    do {
      items.push(this.value())
      this.blanks()
    } while (this.took(','))
    this.expect(']')
    return `[${items.join(',')}]`
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

  private word(): string {
    const [word] =
      /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|[+-]?(?:INF|Infinity))(?![\w.+-])/.exec(
        this.sticky(),
      ) ?? []
    if (word === undefined) throw new NoJson()
    this.at += word.length
    return /^[+-]?[NI]/.test(word) ? JSON.stringify(word) : word
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
