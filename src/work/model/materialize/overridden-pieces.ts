import { BUILTIN_PACKAGE, type MacroLibrary } from '../context/macro-library.ts'
import type { Invocation } from '../context/node-context.ts'

const CODE = /\{\{([\s\S]*?)\}\}|\{%([\s\S]*?)%\}/g
const WORD = /[A-Za-z_]\w*/g

const PIECES = new WeakMap<MacroLibrary, Map<string, ReadonlySet<string>>>()
const ANSWERS = new WeakMap<MacroLibrary, Map<string, boolean>>()

/**
 * Whether a project has a macro of its own in the place of one that a built-in materialization is made of, however
 * deep: `get_merge_sql` of an incremental model, `default__snapshot_staging_table` of a snapshot. Who writes one
 * expects it to be called, so that the node is built by the materialization's Jinja form.
 *
 * A macro's pieces are found in its text: every word of its code that is the name of a built-in macro, in the form of
 * any adapter. A word that is not meant as one costs no more than the slower way.
 */
export function hasOverriddenPieces(invocation: Invocation, materialization: string, owner: string): boolean {
  const answers = ANSWERS.get(invocation.macros) ?? new Map<string, boolean>()
  ANSWERS.set(invocation.macros, answers)
  const key = `${materialization}\0${owner}`
  const answer = answers.get(key) ?? findOverridden(invocation, materialization, owner)
  answers.set(key, answer)
  return answer
}

function findOverridden(invocation: Invocation, materialization: string, owner: string): boolean {
  const { macros, project, dialect } = invocation
  const redirected = project.dispatch.find(({ macro_namespace: namespace }) => namespace === BUILTIN_PACKAGE)
  const owners = new Set([project.name, owner, ...(redirected?.search_order ?? [])])
  owners.delete(BUILTIN_PACKAGE)
  const sources = macros.builtinSources
  const bare = (name: string): string => {
    const prefix = dialect.prefixes.find((one) => name.startsWith(`${one}__`))
    return prefix === undefined ? name : name.slice(prefix.length + 2)
  }
  const own = [...owners]
    .flatMap((one) => macros.namesIn(one))
    .filter((name) => sources.has(name) || sources.has(bare(name)))
  if (own.length === 0) return false
  const pieces = piecesOf(macros, materialization, dialect.prefixes)
  return own.some((name) => pieces.has(name) || pieces.has(bare(name)))
}

/** The names of all macros that a built-in one can reach. */
function piecesOf(macros: MacroLibrary, start: string, prefixes: readonly string[]): ReadonlySet<string> {
  const known = PIECES.get(macros) ?? new Map<string, ReadonlySet<string>>()
  PIECES.set(macros, known)
  const found = known.get(start)
  if (found) return found
  const sources = macros.builtinSources
  const reached = new Set([start])
  for (const name of reached) {
    for (const [, output = '', statement = ''] of (sources.get(name) ?? '').matchAll(CODE)) {
      for (const [word] of (output || statement).matchAll(WORD)) {
        for (const form of [word, ...prefixes.map((prefix) => `${prefix}__${word}`)])
          if (sources.has(form)) reached.add(form)
      }
    }
    // Which strategy it is, is a setting.
    if (name === 'incremental_validate_on_schema_change')
      for (const one of sources.keys()) if (/^get_incremental_\w+_sql$/.test(one)) reached.add(one)
    if (name === 'strategy_dispatch')
      for (const one of sources.keys()) if (/^snapshot_\w+_strategy$/.test(one)) reached.add(one)
  }
  known.set(start, reached)
  return reached
}
