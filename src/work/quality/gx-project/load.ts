import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { MillraceError, type Place, unknownName } from '../../../base/kernel/index.ts'
import { checked, readYaml, type YamlFile } from '../../../base/project/index.ts'
import { RESULT_FORMATS } from '../result.ts'
import { filesOf, loadSuites, type Suite } from '../suite.ts'
import { type DataSource, dataSource } from './data-source.ts'
import { configVariables, type Substitute } from './variables.ts'

const CODE = 'GX_PROJECT_INVALID'

const storePlace = z.looseObject({
  class_name: z.string().optional(),
  store_backend: z.looseObject({ class_name: z.string().optional(), base_directory: z.string().optional() }).optional(),
})
const contextFile = z.looseObject({
  config_variables_file_path: z.string().nullish(),
  stores: z.record(z.string(), storePlace).default({}),
  expectations_store_name: z.string().default('expectations_store'),
  checkpoint_store_name: z.string().default('checkpoint_store'),
  fluent_datasources: z.record(z.string(), z.unknown()).nullish(),
  data_docs_sites: z.record(z.string(), storePlace).nullish(),
})
type ContextFile = z.output<typeof contextFile>

const named = z.looseObject({ name: z.string(), id: z.string().nullish() })
const validationFile = z.looseObject({
  name: z.string(),
  id: z.string().nullish(),
  data: z.looseObject({ datasource: named, asset: named, batch_definition: named }),
  suite: named,
})
const resultFormat = z.union([
  z.enum(RESULT_FORMATS),
  z.looseObject({
    result_format: z.enum(RESULT_FORMATS).default('SUMMARY'),
    partial_unexpected_count: z.int().min(0).optional(),
    unexpected_index_column_names: z.array(z.string()).optional(),
  }),
])
const checkpointFile = z.looseObject({
  name: z.string(),
  id: z.string().nullish(),
  validation_definitions: z.array(named).min(1),
  actions: z.array(z.looseObject({ type: z.string(), name: z.string().optional() })).default([]),
  result_format: resultFormat.default('SUMMARY'),
})

/** A file of the project with what it says, for the places in it. */
interface Filed<T> {
  readonly data: T
  readonly source: YamlFile
}

/** A Great Expectations project as it lies on disk; nothing of its data has been looked at. */
export interface GxProject {
  /** The folder of great_expectations.yml. */
  readonly dir: string
  readonly sources: ReadonlyMap<string, DataSource>
  readonly suites: ReadonlyMap<string, Suite>
  readonly validations: ReadonlyMap<string, Filed<z.output<typeof validationFile>>>
  readonly checkpoints: ReadonlyMap<string, Filed<z.output<typeof checkpointFile>>>
  /** The folders of the sites of Data Docs that lie in folders, by their names. */
  readonly docsSites: ReadonlyMap<string, string>
  readonly substitute: Substitute
  /** Where a part of great_expectations.yml stands. */
  place(path: readonly PropertyKey[]): Place
}

/**
 * Reads a Great Expectations 1.x project: the folder of great_expectations.yml, or the one around it.
 * @throws MillraceError GX_PROJECT_INVALID and SUITE_INVALID with file, line and column
 */
export async function loadGxProject(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<GxProject> {
  const dir = contextFolder(folder)
  const source = await readYaml(join(dir, 'great_expectations.yml'), CODE)
  const context = checked(source, contextFile, CODE)
  const sources = new Map<string, DataSource>()
  for (const name of Object.keys(context.fluent_datasources ?? {})) {
    sources.set(name, checked(source, dataSource, CODE, ['fluent_datasources', name]))
  }
  return {
    dir,
    sources,
    suites: await loadSuites(storeFolder(context, context.expectations_store_name, 'expectations', dir, source)),
    validations: await filed(
      storeFolder(context, 'validation_definition_store', 'validation_definitions', dir, source),
      validationFile,
    ),
    checkpoints: await filed(
      storeFolder(context, context.checkpoint_store_name, 'checkpoints', dir, source),
      checkpointFile,
    ),
    docsSites: sitesInFolders(context, dir),
    substitute: await configVariables(dir, context.config_variables_file_path ?? undefined, environment),
    place: (path) => source.place(path),
  }
}

function contextFolder(folder: string): string {
  const found = [folder, join(folder, 'gx'), join(folder, 'great_expectations')].find((dir) =>
    existsSync(join(dir, 'great_expectations.yml')),
  )
  if (found !== undefined) return resolve(found)
  throw new MillraceError(CODE, `no great_expectations.yml is in ${folder}, nor in its gx or great_expectations`, {
    hint: 'Name the folder that Great Expectations calls the context root, such as gx.',
  })
}

function sitesInFolders({ data_docs_sites }: ContextFile, dir: string): Map<string, string> {
  const sites = Object.entries(data_docs_sites ?? {}).flatMap(([name, { store_backend: backend }]) => {
    const inFolder = backend?.class_name === 'TupleFilesystemStoreBackend' && backend.base_directory !== undefined
    return inFolder ? [[name, resolve(dir, backend.base_directory ?? '')] as const] : []
  })
  return new Map(sites)
}

function storeFolder({ stores }: ContextFile, name: string, usual: string, dir: string, source: YamlFile): string {
  const backend = stores[name]?.store_backend
  if (backend?.class_name !== undefined && backend.class_name !== 'TupleFilesystemStoreBackend') {
    throw new MillraceError(CODE, `the store ${name} keeps its files by ${backend.class_name}`, {
      at: source.place(['stores', name]),
      hint: 'Stores in folders (TupleFilesystemStoreBackend) are read.',
    })
  }
  return resolve(dir, backend?.base_directory ?? usual)
}

async function filed<S extends z.ZodType<{ name: string }>>(
  dir: string,
  schema: S,
): Promise<Map<string, Filed<z.output<S>>>> {
  const found = new Map<string, Filed<z.output<S>>>()
  for (const file of await filesOf(dir)) {
    const source = await readYaml(file, CODE)
    const data = checked(source, schema, CODE)
    found.set(data.name, { data, source })
  }
  return found
}

/** A part of the project by its name. @throws MillraceError naming those there are */
export function partNamed<T>(
  code: 'GX_PROJECT_INVALID' | 'CHECKPOINT_UNKNOWN',
  what: string,
  name: string,
  parts: ReadonlyMap<string, T> | Readonly<Record<string, T>>,
  at?: Place,
): T {
  const all = parts instanceof Map ? (parts as ReadonlyMap<string, T>) : new Map(Object.entries(parts))
  const found = all.get(name)
  if (found !== undefined) return found
  throw unknownName(code, what, name, all.keys(), at ? { at } : {})
}
