import { ATTRIBUTE, bind, CALL, type Call, native } from '../../../base/jinja/index.ts'
import { MillraceError } from '../../../base/kernel/index.ts'
import type { Node } from '../node.ts'
import { pythonStr } from '../python-text.ts'
import { isTree } from '../read/config-tree.ts'
import { metaColumns } from '../snapshot/snapshot-settings.ts'
import { configCall } from './base-context.ts'
import { plainData } from './plain-data.ts'

/** `config(…)`, `config.get(…)`, `config.require(…)` and their kin. A setting that is none is not missing. */
export function configObject(node: Node, set: (call: Record<string, unknown>) => void): object {
  const read = (name: string): unknown => {
    if (name === 'snapshot_table_column_names' && node.resource_type === 'snapshot') return metaColumns(node)
    return Object.hasOwn(node.config, name) ? node.config[name] : undefined
  }
  const meta = (name: string): unknown => (Object.hasOwn(node.config.meta, name) ? node.config.meta[name] : undefined)
  const reader = (from: (name: string) => unknown, missing: (name: string) => unknown): unknown =>
    native('get', ({ args, kwargs, caller }) => {
      const [name, otherwise, validator] = bind('get', ['name', 'default', 'validator'], args, kwargs)
      const text = pythonStr(name)
      const value = from(text) ?? (from(text) === null ? null : (otherwise ?? missing(text)))
      if (validator !== undefined && validator !== null && value !== null) caller.call(validator, [value])
      return value
    })
  const required = (name: string): never => {
    throw new MillraceError(
      'MODEL_INVALID',
      `rendering ${node.original_file_path}: the setting "${name}" is required`,
      {
        at: { file: node.original_file_path },
        hint: `Write it into config(${name}=…), the properties file, or dbt_project.yml.`,
      },
    )
  }
  const none = (): null => null
  const docs = (part: string): boolean => {
    const written = read('persist_docs')
    return isTree(written) && written[part] === true
  }
  const members: Record<string, unknown> = {
    get: reader(read, none),
    require: reader(read, required),
    meta_get: reader(meta, none),
    meta_require: reader(meta, required),
    set: (name: string, value: unknown) => {
      set({ [name]: plainData(value) })
      return ''
    },
    persist_relation_docs: () => docs('relation'),
    persist_column_docs: () => docs('columns'),
    model: node,
  }
  return {
    [CALL]: (call: Call) => {
      set(configCall(call))
      return ''
    },
    [ATTRIBUTE]: (name: string) => members[name] ?? read(name),
  }
}
