import { MillraceError } from './error.ts'
import type { DataType, Field, SimpleKind } from './types.ts'

const TEXT: Record<SimpleKind, string> = {
  null: 'void',
  boolean: 'boolean',
  byte: 'tinyint',
  short: 'smallint',
  integer: 'int',
  long: 'bigint',
  hugeint: 'hugeint',
  ubyte: 'utinyint',
  ushort: 'usmallint',
  uinteger: 'uinteger',
  ulong: 'ubigint',
  float: 'float',
  double: 'double',
  string: 'string',
  binary: 'binary',
  uuid: 'uuid',
  json: 'json',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  timestamp_ntz: 'timestamp_ntz',
  interval: 'interval',
}

const ALIASES: Record<string, SimpleKind> = {
  bool: 'boolean',
  real: 'float',
  text: 'string',
  varchar: 'string',
  blob: 'binary',
  bytes: 'binary',
  uint8: 'ubyte',
  uint16: 'ushort',
  uint32: 'uinteger',
  uint64: 'ulong',
  timestamptz: 'timestamp',
  timestamp_ltz: 'timestamp',
}

const KINDS = new Map<string, SimpleKind>([
  ...Object.entries(ALIASES),
  ...Object.entries(TEXT).flatMap(([kind, text]): [string, SimpleKind][] => [
    [kind, kind as SimpleKind],
    [text, kind as SimpleKind],
  ]),
])

/** A type as Spark's `simpleString` writes it: `array<struct<id:bigint,price:decimal(10,2)>>`. Nullability is not written. */
export function formatType(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`
    case 'array':
      return `array<${formatType(type.element)}>`
    case 'map':
      return `map<${formatType(type.key)},${formatType(type.value)}>`
    case 'struct':
      return `struct<${type.fields.map((field) => `${memberName(field.name)}:${formatType(field.type)}`).join(',')}>`
    default:
      return TEXT[type.kind]
  }
}

function memberName(name: string): string {
  return /^\w+$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``
}

/**
 * Reads a type in Spark's text form; upper and lower case are equal, `long` and `bigint` too, `decimal` alone is
 * `decimal(10,0)` as in Spark, and a struct member may end in `not null`.
 * @throws MillraceError TYPE_INVALID
 */
export function parseType(text: string): DataType {
  const parser = new TypeParser(text)
  const type = parser.type()
  parser.end()
  return type
}

const TOKEN = /\s*(`(?:[^`]|``)*`|\w+|[<>(),:])/y

class TypeParser {
  private readonly text: string
  private readonly tokens: string[] = []
  private position = 0

  constructor(text: string) {
    this.text = text
    TOKEN.lastIndex = 0
    let end = 0
    for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
      this.tokens.push(match[1] ?? '')
      end = TOKEN.lastIndex
    }
    if (text.slice(end).trim() !== '') throw this.invalid(`at "${text.slice(end).trim()}"`)
  }

  type(): DataType {
    const word = this.next().toLowerCase()
    if (word === 'decimal' || word === 'numeric') return this.decimal()
    if (word === 'array') {
      this.expect('<')
      const element = this.type()
      this.expect('>')
      return { kind: 'array', element, containsNull: true }
    }
    if (word === 'map') {
      this.expect('<')
      const key = this.type()
      this.expect(',')
      const value = this.type()
      this.expect('>')
      return { kind: 'map', key, value, valueContainsNull: true }
    }
    if (word === 'struct') return this.struct()
    const kind = KINDS.get(word)
    if (kind === undefined) throw this.invalid(`"${word}" is no type`)
    return { kind }
  }

  private decimal(): DataType {
    if (!this.accept('(')) return { kind: 'decimal', precision: 10, scale: 0 }
    const precision = this.number()
    const scale = this.accept(',') ? this.number() : 0
    this.expect(')')
    if (precision < 1 || precision > 38 || scale > precision) {
      throw this.invalid('a decimal has 1 to 38 digits, and no more of them behind the point')
    }
    return { kind: 'decimal', precision, scale }
  }

  private struct(): DataType {
    const fields: Field[] = []
    this.expect('<')
    while (!this.accept('>')) {
      if (fields.length > 0) this.expect(',')
      const written = this.next()
      const name = written.startsWith('`') ? written.slice(1, -1).replaceAll('``', '`') : written
      this.expect(':')
      const type = this.type()
      const required = this.accept('not')
      if (required) this.expect('null')
      fields.push({ name, type, nullable: !required })
    }
    return { kind: 'struct', fields }
  }

  private number(): number {
    const word = this.next()
    if (!/^\d+$/.test(word)) throw this.invalid(`"${word}" is not a number`)
    return Number(word)
  }

  private next(): string {
    const token = this.tokens[this.position]
    if (token === undefined) throw this.invalid('it ends too early')
    this.position += 1
    return token
  }

  private accept(token: string): boolean {
    if (this.tokens[this.position]?.toLowerCase() !== token) return false
    this.position += 1
    return true
  }

  private expect(token: string): void {
    if (!this.accept(token))
      throw this.invalid(`"${token}" is missing before "${this.tokens[this.position] ?? 'the end'}"`)
  }

  end(): void {
    const rest = this.tokens[this.position]
    if (rest !== undefined) throw this.invalid(`"${rest}" is too much`)
  }

  private invalid(why: string): MillraceError {
    return new MillraceError('TYPE_INVALID', `reading the type "${this.text}": ${why}`, {
      hint: `Types are ${Object.values(TEXT).join(', ')}, decimal(p,s), array<…>, map<…,…> and struct<name:type,…>.`,
    })
  }
}
