import { bind } from '../python/arguments.ts'
import { Dict } from '../python/dict.ts'
import { indexOf } from '../python/float.ts'
import { isText } from '../python/markup.ts'
import { ATTRIBUTE, type Call, ITEM, native, REPR, TYPE_NAME } from '../python/protocol.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { OneShot, Tuple } from '../python/sequence.ts'
import { repr, str, typeName } from '../python/text.ts'

const FLAGS = { IGNORECASE: 2, MULTILINE: 8, DOTALL: 16, VERBOSE: 64, ASCII: 256 }
const LETTERS: Record<string, number> = { i: 2, m: 8, s: 16, x: 64, a: 256, u: 0, L: 0 }

/** A Python pattern as JavaScript takes it. */
function translate(written: string, flags: number): { source: string; flags: string } {
  let given = flags
  let source = written.replace(/^\(\?([aiLmsux]+)\)/, (_, letters: string) => {
    for (const letter of letters) given |= LETTERS[letter] ?? 0
    return ''
  })
  if (given & FLAGS.VERBOSE) source = withoutLayout(source)
  source = source
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\(\?#[^)]*\)/g, '')
    .replace(/\\([AZ])/g, (_, letter: string) => (letter === 'A' ? '(?<![\\s\\S])' : '(?![\\s\\S])'))
  // Without MULTILINE Python's $ also stands before a last line end.
  if (!(given & FLAGS.MULTILINE)) source = source.replace(/(?<!\\)((?:\\\\)*)\$(?![^[]*\])/g, '$1(?=\\n?(?![\\s\\S]))')
  const letters = `g${given & FLAGS.IGNORECASE ? 'i' : ''}${given & FLAGS.MULTILINE ? 'm' : ''}${given & FLAGS.DOTALL ? 's' : ''}d`
  return { source, flags: letters }
}

/** What VERBOSE overlooks: white space and comments outside classes and escapes. */
function withoutLayout(source: string): string {
  return source.replace(/\\.|\[(?:\\.|[^\]\\])*\]|#[^\n]*|\s+/gs, (part) => (/^[#\s]/.test(part) ? '' : part))
}

/** A compiled pattern. */
class Pattern {
  readonly text: string
  readonly flags: number
  readonly #regexp: RegExp

  constructor(pattern: unknown, flags: unknown = 0) {
    this.text = textOf(pattern)
    this.flags = indexOf(flags)
    const { source, flags: letters } = translate(this.text, this.flags)
    this.#regexp = compiled(source, letters, this.text)
  }

  /** A search from an offset; `whole` and `start` pin its ends. */
  exec(text: string, from = 0, pin: 'none' | 'start' | 'whole' = 'none'): Match | null {
    const { source, flags } = this.#regexp
    const body = pin === 'whole' ? `(?:${source})(?![\\s\\S])` : source
    const regexp = pin === 'none' ? new RegExp(this.#regexp) : new RegExp(body, `${flags.replace('g', '')}y`)
    regexp.lastIndex = from
    const found = regexp.exec(text)
    return found && new Match(found, this)
  }

  *all(text: string): Generator<Match> {
    for (const found of text.matchAll(this.#regexp)) yield new Match(found, this)
  }

  [ATTRIBUTE](name: string): unknown {
    if (name === 'pattern') return this.text
    if (name === 'flags') return this.flags
    const work = METHODS[name]
    return work && native(name, ({ args, kwargs, caller }) => work(this, args, kwargs, caller))
  }

  [REPR](): string {
    return `re.compile(${repr(this.text)})`
  }

  get [TYPE_NAME](): string {
    return 're.Pattern'
  }
}

function compiled(source: string, flags: string, written: string): RegExp {
  // With `u` first, because it knows \p and refuses nonsense; Python allows needless escapes, which only plain mode does.
  for (const letters of [`${flags}u`, flags]) {
    try {
      return new RegExp(source, letters)
    } catch {
      // The next form.
    }
  }
  throw new PythonError('ValueError', `re.error: the pattern ${repr(written)} cannot be read`)
}

function textOf(value: unknown): string {
  if (isText(value)) return value.toString()
  throw typeError(`expected string or bytes-like object, got '${typeName(value)}'`)
}

/** What a pattern found. */
class Match {
  readonly #found: RegExpExecArray | RegExpMatchArray
  readonly #pattern: Pattern

  constructor(found: RegExpExecArray | RegExpMatchArray, pattern: Pattern) {
    this.#found = found
    this.#pattern = pattern
  }

  get groups(): (string | null)[] {
    return Array.from(this.#found.slice(1), (group: string | undefined) => group ?? null)
  }

  get text(): string {
    return this.#found[0]
  }

  get start(): number {
    return this.#found.index ?? 0
  }

  get end(): number {
    return this.start + this.text.length
  }

  /** @throws PythonError `IndexError` for a group that is not there */
  group(key: unknown): string | null {
    const named = this.#found.groups
    if (typeof key === 'string' && named && key in named) return named[key] ?? null
    const index = typeof key === 'string' && !/^\d+$/.test(key) ? -1 : Number(key)
    if (!(index >= 0 && index < this.#found.length)) throw new PythonError('IndexError', 'no such group')
    return this.#found[index] ?? null
  }

  #span(key: unknown = 0): readonly [number, number] {
    const { indices } = this.#found as RegExpExecArray
    const span = typeof key === 'string' ? indices?.groups?.[key] : indices?.[indexOf(key)]
    return span ?? [-1, -1]
  }

  [ATTRIBUTE](name: string): unknown {
    switch (name) {
      case 'group':
        return native(name, ({ args }) => {
          const wanted = args.length === 0 ? [0] : args
          const found = wanted.map((key) => this.group(key))
          return found.length === 1 ? found[0] : new Tuple(found)
        })
      case 'groups':
        return (otherwise: unknown = null) => new Tuple(this.groups.map((group) => group ?? otherwise))
      case 'groupdict':
        return (otherwise: unknown = null) =>
          new Dict(Object.entries(this.#found.groups ?? {}).map(([key, value]) => [key, value ?? otherwise] as const))
      case 'start':
        return (key?: unknown) => this.#span(key)[0]
      case 'end':
        return (key?: unknown) => this.#span(key)[1]
      case 'span':
        return (key?: unknown) => new Tuple([...this.#span(key)])
      case 'string':
        return this.#found.input ?? ''
      case 're':
        return this.#pattern
      case 'lastindex':
        return this.groups.findLastIndex((group) => group !== null) + 1 || null
      default:
        return undefined
    }
  }

  [ITEM](key: unknown): unknown {
    return this.group(key)
  }

  [REPR](): string {
    return `<re.Match object; span=(${this.start}, ${this.end}), match=${repr(this.text)}>`
  }
}

/** `\1`, `\g<name>` and escapes of a replacement. */
function expand(template: string, match: Match): string {
  return template.replace(/\\(?:g<(\w+)>|(\d{1,2})|(.))/gs, (all, name, number, letter) => {
    if (name !== undefined || number !== undefined) return match.group(name ?? number) ?? ''
    return { n: '\n', t: '\t', r: '\r', '\\': '\\' }[letter as string] ?? all
  })
}

type Work = (pattern: Pattern, args: readonly unknown[], kwargs: Call['kwargs'], caller: Call['caller']) => unknown

function replaced(...[pattern, args, kwargs, caller]: Parameters<Work>): { text: string; count: number } {
  const [by, text, limit = 0] = bind('sub', ['repl', 'string', 'count'], args, kwargs)
  const most = indexOf(limit) || Number.POSITIVE_INFINITY
  const subject = textOf(text)
  let out = ''
  let at = 0
  let count = 0
  for (const match of pattern.all(subject)) {
    if (count >= most) break
    count += 1
    const value = typeof by === 'string' ? expand(by, match) : caller.call(by, [match])
    if (value instanceof Promise) throw typeError('re.sub() cannot wait for the function that replaces')
    out += subject.slice(at, match.start) + str(value)
    at = match.end
  }
  return { text: out + subject.slice(at), count }
}

const METHODS: Readonly<Record<string, Work>> = {
  match: (pattern, [text]) => pattern.exec(textOf(text), 0, 'start'),
  fullmatch: (pattern, [text]) => pattern.exec(textOf(text), 0, 'whole'),
  search: (pattern, [text]) => pattern.exec(textOf(text)),
  findall: (pattern, [text]) =>
    Array.from(pattern.all(textOf(text)), (match) => {
      const groups = match.groups.map((group) => group ?? '')
      return groups.length === 0 ? match.text : groups.length === 1 ? groups[0] : new Tuple(groups)
    }),
  finditer: (pattern, [text]) => new OneShot(pattern.all(textOf(text)), 'callable_iterator'),
  split: (pattern, args, kwargs) => {
    const [text, limit = 0] = bind('split', ['string', 'maxsplit'], args, kwargs)
    const most = indexOf(limit) || Number.POSITIVE_INFINITY
    const subject = textOf(text)
    const parts: (string | null)[] = []
    let at = 0
    let count = 0
    for (const match of pattern.all(subject)) {
      if (count >= most) break
      count += 1
      parts.push(subject.slice(at, match.start), ...match.groups)
      at = match.end
    }
    return [...parts, subject.slice(at)]
  },
  sub: (...call) => replaced(...call).text,
  subn: (...call) => {
    const { text, count } = replaced(...call)
    return new Tuple([text, count])
  },
}

/** The last named arguments of each function of the module, after the pattern. */
const SIGNATURES: Readonly<Record<string, readonly string[]>> = {
  match: ['string'],
  fullmatch: ['string'],
  search: ['string'],
  findall: ['string'],
  finditer: ['string'],
  split: ['string', 'maxsplit'],
  sub: ['repl', 'string', 'count'],
  subn: ['repl', 'string', 'count'],
}

function moduleFunction(name: string): unknown {
  const own = SIGNATURES[name] ?? []
  return native(name, ({ args, kwargs, caller }) => {
    const [pattern, ...rest] = bind(name, ['pattern', ...own, 'flags'], args, kwargs)
    const compiled = pattern instanceof Pattern ? pattern : new Pattern(pattern, rest[own.length] ?? 0)
    return METHODS[name]?.(compiled, rest.slice(0, own.length), {}, caller)
  })
}

/** Python's module `re`, as far as its patterns mean the same in JavaScript. */
export const RE_MODULE: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(Object.keys(SIGNATURES).map((name) => [name, moduleFunction(name)])),
  ...FLAGS,
  I: FLAGS.IGNORECASE,
  M: FLAGS.MULTILINE,
  S: FLAGS.DOTALL,
  X: FLAGS.VERBOSE,
  A: FLAGS.ASCII,
  compile: native('compile', ({ args, kwargs }) => {
    const [pattern, flags] = bind('compile', ['pattern', 'flags'], args, kwargs)
    return pattern instanceof Pattern ? pattern : new Pattern(pattern, flags ?? 0)
  }),
  escape: (text: unknown) => textOf(text).replace(/[\t\n\v\f\r #$&()*+\-.?[\\\]^{|}~]/g, '\\$&'),
}
