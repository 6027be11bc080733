import { unknownName } from '../../../base/kernel/index.ts'
import type { ModelDialect } from '../dialect/index.ts'
import type { DbtProject } from '../read/dbt-project.ts'
import { BUILTIN_PACKAGE, type MacroLibrary } from './macro-library.ts'

/** Who looks for the implementation of a macro. */
export interface Dispatcher {
  readonly project: DbtProject
  readonly macros: MacroLibrary
  readonly dialect: ModelDialect
  /** The package whose node is rendered, and its file. */
  readonly package: string
  readonly file: string
}

/**
 * `adapter.dispatch`: the macro under the adapter's prefix or `default__`, in the packages that dbt_project.yml names
 * for the namespace, else in the project and then the namespace. Without a namespace, and for dbt's own macros, it is
 * whatever the prefixed name means in the template.
 * @throws MillraceError MODEL_INVALID when there is none
 */
export function dispatchedMacro(by: Dispatcher, name: string, namespace: string | undefined): unknown {
  for (const owner of searchOrder(by, namespace)) {
    for (const prefix of by.dialect.prefixes) {
      const found = by.macros.find(`${prefix}__${name}`, owner, by.package)
      if (found !== undefined) return found
    }
  }
  throw unknownName(
    'MODEL_INVALID',
    `rendering ${by.file}: the macro`,
    name,
    Object.keys(by.macros.names).map((known) => known.replace(/^(?:default|duckdb|postgres)__/, '')),
    { at: { file: by.file } },
  )
}

function searchOrder({ project, macros }: Dispatcher, namespace: string | undefined): readonly (string | undefined)[] {
  if (namespace === undefined) return [undefined]
  const own = project.dispatch.find((entry) => entry.macro_namespace === namespace)
  if (own) return own.search_order
  const installed = namespace !== BUILTIN_PACKAGE && macros.hasPackage(namespace)
  return installed ? [project.name, namespace] : [undefined]
}
