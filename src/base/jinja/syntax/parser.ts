import type { MillraceError } from '../../kernel/index.ts'
import type { LexerOptions } from './delimiters.ts'
import { ExpressionParser } from './expression-parser.ts'
import { tokenize } from './lexer.ts'
import type { Expression, MacroNode, Parameter, Statement } from './nodes.ts'
import { plainCalls } from './plain-calls.ts'
import type { Source } from './source.ts'
import { describeToken, TokenStream } from './token-stream.ts'

/**
 * Adds tags to the language. `parse` is called with the tag's name as the current token, and leaves the closing
 * `%}` of the block's last tag as the current one (`parser.body(['endx'])` does).
 */
export interface TagExtension {
  readonly tags: readonly string[]
  parse(parser: TagParser, tag: string): Statement
}

/** What a tag extension may use of the parser. */
export interface TagParser {
  readonly stream: TokenStream
  readonly expressions: ExpressionParser
  /** `(a, b=1)` of a macro. */
  signature(): Parameter[]
  /** Everything from the end of the current tag to one of the named tags, which is consumed and answered. */
  body(ends: readonly string[]): { body: Statement[]; end: string }
}

/** Parses a template. @throws MillraceError `JINJA_SYNTAX` */
export function parse(source: Source, options: LexerOptions, extensions: readonly TagExtension[]): Statement[] {
  const plain = Object.keys(options).length === 0 ? plainCalls(source.text) : undefined
  return plain ?? parseWhole(source, options, extensions)
}

/** Parses a template token by token, whatever stands in it. @throws MillraceError `JINJA_SYNTAX` */
export function parseWhole(source: Source, options: LexerOptions, extensions: readonly TagExtension[]): Statement[] {
  return new Parser(new TokenStream(source, tokenize(source, options)), extensions).template()
}

/** Parses text that is one expression, without braces around. @throws MillraceError `JINJA_SYNTAX` */
export function parseExpression(source: Source): { node: Expression; source: Source } {
  // The lexer reads expressions inside braces only; the added characters are given back to the position.
  const shifted: Source = { ...source, text: `{{ ${source.text}\n}}`, column: source.column - 3 }
  const stream = new TokenStream(shifted, tokenize(shifted, {}))
  stream.expect('variable_begin')
  const value = new ExpressionParser(stream).tuple()
  if (!stream.is('variable_end')) throw stream.fail(`unexpected ${describeToken(stream.current)} after the expression`)
  return { node: value, source: shifted }
}

class Parser implements TagParser {
  readonly stream: TokenStream
  readonly expressions: ExpressionParser
  readonly #extensions: ReadonlyMap<string, TagExtension>
  readonly #open: { tag: string; ends: readonly string[]; at: number }[] = []

  constructor(stream: TokenStream, extensions: readonly TagExtension[]) {
    this.stream = stream
    this.expressions = new ExpressionParser(stream)
    this.#extensions = new Map(extensions.flatMap((extension) => extension.tags.map((tag) => [tag, extension])))
  }

  template(): Statement[] {
    return this.#statements([])
  }

  #statements(ends: readonly string[]): Statement[] {
    const { stream } = this
    const body: Statement[] = []
    while (!stream.is('eof')) {
      const token = stream.next()
      if (token.type === 'data') body.push({ kind: 'text', text: token.value as string, at: token.at })
      else if (token.type === 'variable_begin') {
        body.push({ kind: 'output', value: this.expressions.tuple(), at: token.end })
        stream.expect('variable_end')
      } else {
        if (stream.isName(...ends)) return body
        body.push(this.#statement())
        stream.expect('block_end')
      }
    }
    return body
  }

  #statement(): Statement {
    const { stream } = this
    const { at, value } = stream.current
    if (!stream.is('name')) throw stream.fail('expected the name of a tag')
    const tag = value as string
    const extension = this.#extensions.get(tag)
    const read = TAGS[tag]
    if (!extension && !(read && Object.hasOwn(TAGS, tag))) throw this.#unknown(tag, at)
    this.#open.push({ tag, ends: [], at })
    const statement = extension ? extension.parse(this, tag) : (read as TagReader)(this, at)
    this.#open.pop()
    return statement
  }

  #unknown(tag: string, at: number): MillraceError {
    const open = this.#open.at(-1)
    if (open) {
      return this.stream.fail(
        `unknown tag '${tag}' inside '${open.tag}'`,
        at,
        `The innermost block that is open is '${open.tag}'; it goes on or ends with ${open.ends.join(', ')}.`,
      )
    }
    const extension = OF_EXTENSIONS[tag]
    if (extension) {
      const hint = `Millrace has none of the extensions of jinja2 but 'do' and 'loopcontrols'.`
      return this.stream.fail(`the tag '${tag}' belongs to jinja2's extension '${extension}'`, at, hint)
    }
    const known = [...Object.keys(TAGS), ...this.#extensions.keys()].join(', ')
    return this.stream.fail(`unknown tag '${tag}'`, at, `The tags are: ${known}.`)
  }

  body(ends: readonly string[]): { body: Statement[]; end: string } {
    const { stream } = this
    const open = this.#open.at(-1) ?? { tag: 'template', at: 0 }
    stream.skip('operator', ':')
    stream.expect('block_end')
    this.#open.push({ tag: open.tag, ends, at: open.at })
    const body = this.#statements(ends)
    this.#open.pop()
    if (stream.is('eof')) {
      throw stream.fail(`the '${open.tag}' block is not closed`, open.at, `Close it with {% ${ends.at(-1)} %}.`)
    }
    return { body, end: stream.next().value as string }
  }

  signature(): Parameter[] {
    const { stream } = this
    const parameters: Parameter[] = []
    let defaults = false
    stream.expect('operator', '(')
    while (!stream.isOperator(')')) {
      if (parameters.length > 0) stream.expect('operator', ',')
      const { at } = stream.current
      const name = this.expressions.name()
      if (parameters.some((known) => known.name === name)) throw stream.fail(`'${name}' stands there twice`, at)
      const otherwise = stream.skip('operator', '=') ? this.expressions.expression() : undefined
      if (defaults && !otherwise) throw stream.fail(`'${name}' has no default but follows one that has`, at)
      defaults = otherwise !== undefined
      parameters.push({ name, otherwise })
    }
    stream.expect('operator', ')')
    return parameters
  }
}

/** The tags of extensions that come with jinja2 and are not there. */
const OF_EXTENSIONS: Readonly<Record<string, string>> = { trans: 'i18n', pluralize: 'i18n', debug: 'debug' }

type TagReader = (parser: TagParser, at: number) => Statement

const TAGS: Record<string, TagReader> = {
  if(parser, at) {
    const branches: { test: Expression; body: Statement[] }[] = []
    parser.stream.next()
    for (;;) {
      const test = parser.expressions.tuple({ conditional: false })
      const { body, end } = parser.body(['elif', 'else', 'endif'])
      branches.push({ test, body })
      if (end === 'endif') return { kind: 'if', branches, otherwise: [], at }
      if (end === 'else') return { kind: 'if', branches, otherwise: parser.body(['endif']).body, at }
    }
  },
  for(parser, at) {
    const { stream, expressions } = parser
    stream.next()
    const target = expressions.target()
    stream.expect('name', 'in')
    const over = expressions.tuple({ conditional: false })
    const test = stream.skip('name', 'if') ? expressions.expression() : undefined
    const recursive = stream.skip('name', 'recursive')
    const { body, end } = parser.body(['else', 'endfor'])
    const otherwise = end === 'else' ? parser.body(['endfor']).body : []
    return { kind: 'for', target, over, test, recursive, body, otherwise, at }
  },
  set(parser, at) {
    const { stream, expressions } = parser
    stream.next()
    const target = expressions.target({ members: true })
    if (stream.skip('operator', '=')) return { kind: 'set', target, value: expressions.tuple(), at }
    const filter = expressions.filters(undefined)
    return { kind: 'set-block', target, filter, body: parser.body(['endset']).body, at }
  },
  do(parser, at) {
    parser.stream.next()
    return { kind: 'do', value: parser.expressions.tuple(), at }
  },
  print(parser, at) {
    parser.stream.next()
    const items: Expression[] = []
    while (!parser.stream.is('block_end')) {
      if (items.length > 0) parser.stream.expect('operator', ',')
      items.push(parser.expressions.expression())
    }
    return { kind: 'output', value: { kind: 'concat', items, at }, at }
  },
  macro(parser, at): MacroNode {
    parser.stream.next()
    const name = parser.expressions.name()
    const parameters = parser.signature()
    return { kind: 'macro', name, parameters, body: parser.body(['endmacro']).body, tag: 'macro', at }
  },
  call(parser, at) {
    const { stream, expressions } = parser
    stream.next()
    const parameters = stream.isOperator('(') ? parser.signature() : []
    const call = expressions.expression()
    if (call.kind !== 'call') throw stream.fail('a call block needs a call', at)
    return { kind: 'call-block', parameters, call, body: parser.body(['endcall']).body, at }
  },
  filter(parser, at) {
    parser.stream.next()
    const filter = parser.expressions.filters(undefined, true) as Expression
    return { kind: 'filter-block', filter, body: parser.body(['endfilter']).body, at }
  },
  with(parser, at) {
    const { stream, expressions } = parser
    stream.next()
    const assignments: { target: ReturnType<ExpressionParser['target']>; value: Expression }[] = []
    while (!stream.is('block_end')) {
      if (assignments.length > 0) stream.expect('operator', ',')
      const target = expressions.target()
      stream.expect('operator', '=')
      assignments.push({ target, value: expressions.expression() })
    }
    return { kind: 'with', assignments, body: parser.body(['endwith']).body, at }
  },
  break: (parser, at) => {
    parser.stream.next()
    return { kind: 'break', at }
  },
  continue: (parser, at) => {
    parser.stream.next()
    return { kind: 'continue', at }
  },
  autoescape(parser, at) {
    parser.stream.next()
    const value = parser.expressions.expression()
    return { kind: 'autoescape', value, body: parser.body(['endautoescape']).body, at }
  },
  block(parser, at) {
    const { stream } = parser
    stream.next()
    const name = stream.expect('name').value as string
    const scoped = stream.skip('name', 'scoped')
    const required = stream.skip('name', 'required')
    const { body } = parser.body(['endblock'])
    if (required && body.some((part) => part.kind !== 'text' || part.text.trim() !== '')) {
      throw stream.fail('a required block can only contain comments or white space', at)
    }
    stream.skip('name', name)
    return { kind: 'block', name, scoped, required, body, at }
  },
  extends(parser, at) {
    parser.stream.next()
    return { kind: 'extends', template: parser.expressions.expression(), at }
  },
  include(parser, at) {
    const { stream } = parser
    stream.next()
    const template = parser.expressions.expression()
    const ignoreMissing = stream.isName('ignore') && stream.is('name', 'missing', 1)
    if (ignoreMissing) {
      stream.next()
      stream.next()
    }
    return { kind: 'include', template, ignoreMissing, withContext: context(parser) ?? true, at }
  },
  import(parser, at) {
    parser.stream.next()
    const template = parser.expressions.expression()
    parser.stream.expect('name', 'as')
    const name = parser.expressions.name()
    return { kind: 'import', template, name, withContext: context(parser) ?? false, at }
  },
  from(parser, at) {
    const { stream } = parser
    stream.next()
    const template = parser.expressions.expression()
    stream.expect('name', 'import')
    const names: { name: string; as: string }[] = []
    let withContext: boolean | undefined
    for (;;) {
      withContext = context(parser)
      if (withContext !== undefined) break
      const name = parser.expressions.name()
      if (name.startsWith('_')) throw stream.fail('names starting with an underline can not be imported', at)
      names.push({ name, as: stream.skip('name', 'as') ? parser.expressions.name() : name })
      withContext = context(parser)
      if (withContext !== undefined || !stream.skip('operator', ',')) break
    }
    return { kind: 'from-import', template, names, withContext: withContext ?? false, at }
  },
}

/** `with context` or `without context`, if it stands here. */
function context(parser: TagParser): boolean | undefined {
  const { stream } = parser
  if (!stream.isName('with', 'without') || !stream.is('name', 'context', 1)) return undefined
  const found = stream.next().value === 'with'
  stream.next()
  return found
}
