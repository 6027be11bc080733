import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { MillraceError, once } from '../../../base/kernel/index.ts'
import { checked, readYaml, type YamlFile } from '../../../base/project/index.ts'
import { isTree, type Tree } from '../read/config-tree.ts'
import { type RenderText, renderYaml } from '../read/render-yaml.ts'
import {
  type Criterion,
  INDIRECT_SELECTIONS,
  type IndirectSelection,
  knownMethod,
  parseCriterion,
  type SelectionGroup,
  type SelectionSpec,
} from './selection-spec.ts'

/** The selectors of a project. */
export interface SelectorFile {
  readonly selectors: ReadonlyMap<string, SelectionSpec>
  /** The one with `default: true`, used when nothing is selected on the command line. */
  readonly byDefault: string | undefined
  /** Their definitions with everything written out, as the manifest lists them. */
  readonly listed: Readonly<Record<string, unknown>>
}

const shape = once(() =>
  z.object({
    selectors: z
      .array(
        z.looseObject({
          name: z.string(),
          description: z.string().nullish(),
          default: z.union([z.boolean(), z.string()]).nullish(),
          definition: z.union([z.string(), z.record(z.string(), z.unknown())]),
        }),
      )
      .nullish(),
  }),
)

const NONE: SelectorFile = { selectors: new Map(), byDefault: undefined, listed: {} }

/**
 * Reads a project's selectors.yml.
 * @throws MillraceError SELECTOR_INVALID with file, line and column
 */
export async function readSelectors(
  dir: string,
  options: { readonly render: RenderText; readonly indirect?: IndirectSelection },
): Promise<SelectorFile> {
  const file = join(dir, 'selectors.yml')
  if (!existsSync(file)) return NONE
  const yaml = await readYaml(file, 'SELECTOR_INVALID', 'python')
  if (yaml.data === null || yaml.data === undefined) return NONE
  const rendered = { ...yaml, data: renderYaml(yaml.data, options.render) }
  const entries = checked(rendered, shape(), 'SELECTOR_INVALID').selectors ?? []
  const selectors = new Map<string, SelectionSpec>()
  const listed: Record<string, unknown> = {}
  let byDefault: string | undefined
  for (const [index, entry] of entries.entries()) {
    const reader = new DefinitionReader(yaml, ['selectors', index, 'definition'], options.indirect ?? 'eager')
    selectors.set(entry.name, reader.root(entry.definition))
    listed[entry.name] = { ...entry, definition: writtenOut(entry.definition) }
    if (entry.default !== true && String(entry.default).toLowerCase() !== 'true') continue
    if (byDefault !== undefined) {
      throw new MillraceError(
        'SELECTOR_INVALID',
        `reading selectors.yml: "${byDefault}" and "${entry.name}" are both the default`,
        {
          at: yaml.place(['selectors', index]),
          hint: 'Only one selector can have `default: true`.',
        },
      )
    }
    byDefault = entry.name
  }
  return { selectors, byDefault, listed }
}

class DefinitionReader {
  readonly #yaml: YamlFile
  readonly #path: readonly PropertyKey[]
  readonly #indirect: IndirectSelection

  constructor(yaml: YamlFile, path: readonly PropertyKey[], indirect: IndirectSelection) {
    this.#yaml = yaml
    this.#path = path
    this.#indirect = indirect
  }

  root(definition: unknown): SelectionSpec {
    if (
      isTree(definition) &&
      ('union' in definition || 'intersection' in definition) &&
      Object.keys(definition).length > 1
    ) {
      throw this.#refused('a definition has one key, `union` or `intersection`, at its root', [])
    }
    return this.#read(definition, [])
  }

  #read(definition: unknown, path: PropertyKey[]): SelectionSpec {
    if (typeof definition === 'string') return this.#at(path, () => parseCriterion(definition, this.#indirect))
    if (!isTree(definition)) throw this.#refused('a definition is a text or a mapping', path)
    if ('union' in definition) return this.#group('union', definition, path)
    if ('intersection' in definition) return this.#group('intersection', definition, path)
    return this.#criterion(definition, path)
  }

  #group(kind: 'union' | 'intersection', definition: Tree, path: PropertyKey[]): SelectionSpec {
    const parts: SelectionSpec[] = []
    let excluded: SelectionSpec | undefined
    this.#list(definition, kind, path).forEach((part, index) => {
      const at = [...path, kind, index]
      if (!isTree(part) || !('exclude' in part)) parts.push(this.#read(part, at))
      else if (excluded) throw this.#refused('there can be only one `exclude` beside others', at)
      else excluded = this.#exclusion(part, at)
    })
    return without(group(kind, parts), excluded)
  }

  #criterion(definition: Tree, path: PropertyKey[]): SelectionSpec {
    const keys = Object.keys(definition)
    const [only] = keys
    if (keys.length === 1 && only !== undefined) {
      return this.#made({ method: only, value: definition[only] }, path)
    }
    if (!('method' in definition && 'value' in definition)) {
      throw this.#refused('a mapping has one key, or `method` and `value`', path)
    }
    const excluded = 'exclude' in definition ? this.#exclusion(definition, path) : undefined
    return without(this.#made(definition, path), excluded)
  }

  #made(written: Tree, path: PropertyKey[]): Criterion {
    const [name = '', ...rest] = String(written['method']).split('.')
    const flag = (key: string): boolean => written[key] === true || written[key] === 'true'
    if (flag('children') && flag('childrens_parents')) {
      throw this.#refused('`children` and `childrens_parents` exclude each other', path)
    }
    const text = `${String(written['method'])}:${String(written['value'])}`
    return {
      kind: 'criterion',
      method: this.#at(path, () => knownMethod(name, text)),
      arguments: rest,
      value: written['value'],
      upstream: flag('parents') ? depth(written['parents_depth']) : 0,
      downstream: flag('children') ? depth(written['children_depth']) : 0,
      childrensParents: flag('childrens_parents'),
      indirect: this.#mode(written['indirect_selection'], path),
      written: text,
    }
  }

  #mode(written: unknown, path: PropertyKey[]): IndirectSelection {
    if (written === undefined || written === null) return this.#indirect
    const mode = INDIRECT_SELECTIONS.find((known) => known === written)
    if (mode) return mode
    throw this.#refused(`indirect_selection "${String(written)}" is not one of ${INDIRECT_SELECTIONS.join(', ')}`, path)
  }

  #exclusion(definition: Tree, path: PropertyKey[]): SelectionSpec | undefined {
    const parts = this.#list(definition, 'exclude', path).map((part, index) =>
      this.#read(part, [...path, 'exclude', index]),
    )
    return parts.length > 1 ? group('union', parts) : parts[0]
  }

  #list(definition: Tree, key: string, path: PropertyKey[]): readonly unknown[] {
    const value = definition[key]
    if (Array.isArray(value)) return value
    throw this.#refused(`\`${key}\` must be a list`, [...path, key])
  }

  #at<T>(path: PropertyKey[], read: () => T): T {
    try {
      return read()
    } catch (thrown) {
      if (!(thrown instanceof MillraceError)) throw thrown
      throw thrown.located(this.#yaml.place([...this.#path, ...path]))
    }
  }

  #refused(reason: string, path: PropertyKey[]): MillraceError {
    return new MillraceError('SELECTOR_INVALID', `reading selectors.yml: ${reason}`, {
      at: this.#yaml.place([...this.#path, ...path]),
      hint: 'A definition is a text such as "tag:nightly+", a method with its value, a union or an intersection.',
    })
  }
}

function depth(written: unknown): number {
  // dbt takes 0 for "no limit" as well.
  return written === undefined || written === null || written === 0 || written === ''
    ? Number.POSITIVE_INFINITY
    : Number(written)
}

function group(kind: SelectionGroup['kind'], parts: readonly SelectionSpec[]): SelectionGroup {
  return { kind, parts, indirect: 'eager', expected: false, written: kind }
}

function without(spec: SelectionSpec, excluded: SelectionSpec | undefined): SelectionSpec {
  return excluded ? group('difference', [spec, excluded]) : spec
}

/** A definition in which texts are taken apart, as dbt lists selectors in the manifest. */
function writtenOut(definition: unknown): unknown {
  if (typeof definition === 'string') return takenApart(definition)
  if (!isTree(definition)) return definition
  for (const kind of ['union', 'intersection']) {
    const parts = definition[kind]
    if (Array.isArray(parts)) return { [kind]: parts.map(writtenOut) }
  }
  const [key] = Object.keys(definition)
  if (key === undefined) return definition
  const value = definition[key]
  const parts = Array.isArray(value) ? value.map(writtenOut) : value
  if (key === 'exclude') return { exclude: parts }
  return Object.keys(definition).length === 1 ? { method: key, value: parts } : definition
}

function takenApart(text: string): Record<string, unknown> {
  const { method, arguments: rest, value, upstream, downstream, childrensParents } = parseCriterion(text)
  const found: Record<string, unknown> = {}
  if (childrensParents) found['childrens_parents'] = true
  if (upstream > 0) found['parents'] = true
  if (Number.isFinite(upstream) && upstream > 0) found['parents_depth'] = String(upstream)
  Object.assign(found, { method: [method, ...rest].join('.'), value })
  if (downstream > 0) found['children'] = true
  if (Number.isFinite(downstream) && downstream > 0) found['children_depth'] = String(downstream)
  return found
}
