import { Environment, Expression, type ExpressionNode, str, type Template } from '../../../base/jinja/index.ts'
import { MillraceError } from '../../../base/kernel/index.ts'
import { plainData } from './plain-data.ts'

type Wanted = 'text' | 'native' | 'bool' | 'number'

/** What the filters `as_bool`, `as_number`, `as_native` and `as_text` leave for the end of the rendering. */
class Marked {
  readonly text: string
  readonly wanted: Wanted

  constructor(text: string, wanted: Wanted) {
    this.text = text
    this.wanted = wanted
  }

  toString(): string {
    return this.text
  }
}

function marking(wanted: Wanted): (value: unknown) => Marked {
  return (value) => new Marked(str(value), wanted)
}

/** The filters for texts of YAML files: they say what a whole text shall become. */
export const MARKING_FILTERS: Readonly<Record<string, unknown>> = {
  as_text: marking('text'),
  as_native: marking('native'),
  as_bool: marking('bool'),
  as_number: marking('number'),
}

/** The same filters in SQL, where everything is text. */
export const PLAIN_FILTERS: Readonly<Record<string, unknown>> = {
  as_text: (value: unknown) => value,
  as_native: (value: unknown) => value,
  as_bool: (value: unknown) => value,
  as_number: (value: unknown) => value,
}

/**
 * Renders a text of a YAML file. One that is a single expression keeps its value's type; the marking filters read
 * a text as Python's literal.
 * @throws MillraceError JINJA_* and MODEL_INVALID for a text that is not what its filter says
 */
export function renderNative(template: Template, context: Readonly<Record<string, unknown>>): unknown {
  const [only] = template.statements
  if (only?.kind !== 'output' || template.statements.length > 1) return template.render(context)
  const value = new Expression(template.environment, template.source, only.value).evaluate(context)
  if (!(value instanceof Marked)) return typeof value === 'string' ? value : (plainData(value) ?? none(value))
  if (value.wanted === 'text') return value.text
  const read = literalValue(value.text)
  const wrong =
    (value.wanted === 'bool' && typeof read !== 'boolean') || (value.wanted === 'number' && typeof read !== 'number')
  if (!wrong) return read
  throw new MillraceError('MODEL_INVALID', `Could not convert value '${value.text}' into type '${value.wanted}'`, {
    at: { file: template.source.file, line: template.source.line },
  })
}

/** None stays null; a name that is not defined prints nothing. */
function none(value: unknown): unknown {
  return value === null ? null : ''
}

const literals = new Environment()

/** Python's `ast.literal_eval`; text that is no literal stays text. */
function literalValue(text: string): unknown {
  try {
    const [only] = literals.compile(`{{ ${text.trim()} }}`).statements
    if (only?.kind !== 'output' || !isLiteral(only.value)) return text
    return plainData(literals.expression(text.trim()).evaluate())
  } catch {
    return text
  }
}

function isLiteral(node: ExpressionNode): boolean {
  switch (node.kind) {
    case 'constant':
      return true
    case 'list':
    case 'tuple':
      return node.items.every(isLiteral)
    case 'dict':
      return node.items.every(([key, value]) => isLiteral(key) && isLiteral(value))
    case 'unary':
      return node.operator !== 'not' && isLiteral(node.of)
    default:
      return false
  }
}
