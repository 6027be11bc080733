import {
  Environment,
  type Expression,
  type ExpressionNode,
  type Module,
  returnValue,
  type TagExtension,
  Template,
  type TemplatePlace,
} from '../../../base/jinja/index.ts'
import type { Namespace } from './macro-library.ts'
import { PLAIN_FILTERS } from './native-value.ts'

// A generic test is a macro under the name test_<name>.
const testTag: TagExtension = {
  tags: ['test', 'data_test'],
  parse(parser, tag) {
    const { at } = parser.stream.next()
    const name = `test_${parser.expressions.name()}`
    const parameters = parser.signature()
    return { kind: 'macro', name, parameters, body: parser.body([`end${tag}`]).body, tag, at }
  },
}

// A materialization is a macro without parameters, under a name made of its own and its adapter's.
const materializationTag: TagExtension = {
  tags: ['materialization'],
  parse(parser, tag) {
    const { stream, expressions } = parser
    const { at } = stream.next()
    const name = expressions.name()
    let adapter = 'default'
    const meta: Record<string, unknown> = {}
    while (stream.skip('operator', ',')) {
      const setting = stream.expect('name').value as string
      if (setting === 'default') continue
      stream.expect('operator', '=')
      const value = literal(expressions.expression())
      if (setting === 'adapter') adapter = String(value)
      else meta[setting] = value
    }
    return {
      kind: 'macro',
      name: `materialization_${name}_${adapter}`,
      parameters: [],
      body: parser.body([`end${tag}`]).body,
      tag,
      meta,
      at,
    }
  },
}

const LANGUAGE = {
  globals: { return: returnValue },
  filters: PLAIN_FILTERS,
  extensions: [testTag, materializationTag],
}

/** Compiles and renders what models, tests and macros are written in; each text is compiled once. */
export class ModelTemplates {
  readonly #environment = new Environment(LANGUAGE)
  readonly #reading = new Environment({ ...LANGUAGE, lenient: true })
  readonly #templates = new Map<string, Template>()
  readonly #expressions = new Map<string, Expression>()

  /**
   * Compiles a text once. `begins` tells where it begins in its file, when it is a part of one.
   * @throws MillraceError JINJA_SYNTAX with file, line and column
   */
  compile(text: string, file: string, begins?: { readonly line: number; readonly column: number }): Template {
    const key = `${file}\0${text}`
    const template = this.#templates.get(key) ?? this.#environment.compile(text, { file, ...begins })
    this.#templates.set(key, template)
    return template
  }

  /** Compiles one block of a macro file into a template that holds that macro alone. */
  macro(text: string, at: Required<TemplatePlace>): Template {
    return this.#environment.compile(text, at)
  }

  /** The text of a template. @throws MillraceError JINJA_* and what called functions throw */
  render(text: string, file: string, context: Namespace): Promise<string> {
    return this.compile(text, file).renderAsync(context)
  }

  /**
   * The text of a template while the project is read, when much is not there yet: what is not defined answers itself
   * to every use, as in dbt, but not inside macros.
   */
  read(text: string, file: string, context: Namespace): Promise<string> {
    const { source, statements } = this.compile(text, file)
    return new Template(this.#reading, source, statements).renderAsync(context)
  }

  /** The value of an expression, in Python's terms. */
  async evaluate(text: string, file: string, context: Namespace): Promise<unknown> {
    const key = `${file}\0${text}`
    const expression = this.#expressions.get(key) ?? this.#environment.expression(text.trim(), { file })
    this.#expressions.set(key, expression)
    return expression.evaluateAsync(context)
  }
}

function literal(node: ExpressionNode): unknown {
  if (node.kind === 'constant') return node.value
  return node.kind === 'list' ? node.items.map(literal) : undefined
}

/** The macro of that name in a module made of `ModelTemplates.macro`. */
export function macroIn(module: Module, name: string): unknown {
  return module.macros.get(name)
}
