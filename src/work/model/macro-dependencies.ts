import type { MacroLibrary } from './context/macro-library.ts'
import type { Manifest } from './node.ts'

const DISPATCH = /\bdispatch\s*\(\s*(?:macro_name\s*=\s*)?['"](\w+)['"]/g

/** The names that a text calls inside template code, `name` or `package.name`, and those that it dispatches. */
export function calledNames(text: string): {
  readonly called: readonly string[]
  readonly dispatched: readonly string[]
} {
  const names = new Set<string>()
  const dispatched = new Set<string>()
  for (const code of templateCode(text)) {
    for (let open = code.indexOf('('); open >= 0; open = code.indexOf('(', open + 1)) {
      const name = nameBefore(code, open)
      if (name !== undefined) names.add(name)
    }
    if (code.includes('dispatch')) for (const [, name = ''] of code.matchAll(DISPATCH)) dispatched.add(name)
  }
  return { called: [...names], dispatched: [...dispatched] }
}

/** What stands between `{{` and `}}`, and between `{%` and `%}`. */
function templateCode(text: string): string[] {
  const found: string[] = []
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at)) {
    const close = text[at + 1] === '{' ? '}}' : text[at + 1] === '%' ? '%}' : undefined
    const end = close === undefined ? -1 : text.indexOf(close, at + 2)
    if (end >= 0) found.push(text.slice(at + 2, end))
    at = end >= 0 ? end + 2 : at + 1
  }
  return found
}

/** The `name` or `package.name` before an offset; looked for backwards, which takes half of a pattern's time. */
function nameBefore(code: string, offset: number): string | undefined {
  const end = blanksBefore(code, offset)
  const start = wordBefore(code, end)
  if (start === end || isDigit(code.charCodeAt(start))) return undefined
  const name = code.slice(start, end)
  const dot = blanksBefore(code, start) - 1
  if (code[dot] !== '.') return name
  const ownerEnd = blanksBefore(code, dot)
  const ownerStart = wordBefore(code, ownerEnd)
  return ownerStart === ownerEnd ? name : `${code.slice(ownerStart, ownerEnd)}.${name}`
}

function blanksBefore(code: string, offset: number): number {
  let at = offset
  while (at > 0 && /\s/.test(code.charAt(at - 1))) at -= 1
  return at
}

function wordBefore(code: string, offset: number): number {
  let at = offset
  while (at > 0 && isWord(code.charCodeAt(at - 1))) at -= 1
  return at
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** Letters of ASCII, digits and the underline. */
const isWord = (code: number): boolean =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95

/**
 * Notes in each node and macro the macros that it calls, as far as its text shows them; what these call in their
 * turn is with them.
 */
export function noteMacroDependencies(manifest: Manifest, macros: MacroLibrary, prefixes: readonly string[]): void {
  const resolve = (text: string, within: string, self?: string): string[] => {
    const found = new Set<string>()
    const { called, dispatched } = calledNames(text)
    const implementations = dispatched.flatMap((name) => prefixes.map((prefix) => `${prefix}__${name}`))
    for (const written of [...called, ...implementations]) {
      const [name = '', owner] = written.split('.').reverse()
      const id = owner === undefined ? macros.idOf(name, undefined, within) : macros.idOf(name, owner)
      if (id !== undefined && id !== self) found.add(id)
    }
    return [...found]
  }
  for (const node of manifest.nodes.values()) {
    if (node.test_metadata) {
      const where = macros.idOf('get_where_subquery')
      node.depends_on.macros = [...new Set([...node.depends_on.macros, ...(where === undefined ? [] : [where])])]
    } else {
      node.depends_on.macros = [...new Set([...node.depends_on.macros, ...resolve(node.raw_code, node.package_name)])]
    }
  }
  for (const macro of manifest.macros.values())
    macro.depends_on.macros = resolve(macro.macro_sql, macro.package_name, macro.unique_id)
}
