import type { MacroLibrary } from './context/macro-library.ts'
import type { Manifest } from './node.ts'

const CODE = /\{\{([\s\S]*?)\}\}|\{%([\s\S]*?)%\}/g
const CALL = /(?:\b(\w+)\s*\.\s*)?\b([A-Za-z_]\w*)\s*\(/g
const DISPATCH = /\bdispatch\s*\(\s*(?:macro_name\s*=\s*)?['"](\w+)['"]/g

/** The names that a text calls inside template code, `name` or `package.name`, and those that it dispatches. */
export function calledNames(text: string): {
  readonly called: readonly string[]
  readonly dispatched: readonly string[]
} {
  const names = new Set<string>()
  const dispatched = new Set<string>()
  for (const [, output = '', statement = ''] of text.matchAll(CODE)) {
    const code = output || statement
    for (const [, owner, name = ''] of code.matchAll(CALL)) names.add(owner === undefined ? name : `${owner}.${name}`)
    for (const [, name = ''] of code.matchAll(DISPATCH)) dispatched.add(name)
  }
  return { called: [...names], dispatched: [...dispatched] }
}

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
