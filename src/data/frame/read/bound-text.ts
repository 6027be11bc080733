import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { join, type Sql, trusted } from '../../../base/sql/index.ts'
import { compileExpr } from '../compile/expression.ts'
import type { FrameDialect } from '../dialect/frame-dialect.ts'
import type { SqlArguments } from '../plan.ts'

// Texts, quoted names, dollar quotes and comments stay as they are; in between stand `:name` and `?`.
const PIECE =
  /('(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\$(\w*)\$[\s\S]*?\$\2\$|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<![:\w\])"]):([A-Za-z_]\w*)|(\?)/g

/**
 * A query with values in place of its parameters, `:name` or `?`; they are bound, never spliced as text.
 * @throws MillraceError OPTION_MISSING, OPTION_INVALID
 */
export function boundText(text: string, args: SqlArguments | undefined, dialect: FrameDialect): Sql {
  if (args === undefined) return trusted(text)
  const values = Array.isArray(args) ? args : Object.entries(args)
  const parts: Sql[] = []
  let end = 0
  let asked = 0
  for (const match of text.matchAll(PIECE)) {
    const [whole, kept, , name, mark] = match
    if (kept !== undefined || (name === undefined && mark === undefined)) continue
    const of = name === undefined ? positional(args, asked) : named(args, name)
    if (of === undefined) continue
    asked += 1
    parts.push(trusted(text.slice(end, match.index)), compileExpr(of, { scope: [], at: undefined, dialect }).sql)
    end = match.index + whole.length
  }
  if (Array.isArray(args) && asked !== values.length) {
    throw new MillraceError('OPTION_INVALID', `sql: ${values.length} values for ${asked} parameters`, {
      hint: 'Give one value for each ? of the text.',
    })
  }
  return join([...parts, trusted(text.slice(end))], '')
}

function positional(args: SqlArguments, at: number) {
  if (!Array.isArray(args)) return undefined
  if (at < args.length) return args[at]
  throw new MillraceError('OPTION_MISSING', `sql: there is no value for the parameter ? number ${at + 1}`, {
    hint: 'Give one value for each ? of the text.',
  })
}

function named(args: SqlArguments, name: string) {
  if (Array.isArray(args)) return undefined
  const all = args as Exclude<SqlArguments, readonly unknown[]>
  const found = Object.hasOwn(all, name) ? all[name] : undefined
  if (found) return found
  throw unknownName(
    'OPTION_MISSING',
    'sql: the parameter',
    `:${name}`,
    Object.keys(all).map((one) => `:${one}`),
  )
}
