import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { MillraceError, once } from '../../../base/kernel/index.ts'
import type { PreviousManifest, PreviousNode, PreviousState } from './previous-state.ts'

const shapes = once(() => {
  const member = z.looseObject({ unique_id: z.string(), resource_type: z.string(), name: z.string() })
  const members = z.record(z.string(), member).default({})

  const manifest = z.looseObject({
    metadata: z.looseObject({ project_name: z.string().nullish() }),
    nodes: members,
    sources: members,
    exposures: members,
    metrics: members,
    semantic_models: members,
    saved_queries: members,
    unit_tests: members,
    functions: members,
    macros: z.record(z.string(), z.looseObject({ macro_sql: z.string() })).default({}),
    disabled: z.record(z.string(), z.unknown()).nullish(),
  })

  const results = z.looseObject({
    results: z.array(z.looseObject({ unique_id: z.string(), status: z.string() })),
  })

  const sources = z.looseObject({
    results: z.array(z.looseObject({ unique_id: z.string(), max_loaded_at: z.string().nullish() })),
  })
  return { manifest, results, sources }
})

type Shapes = ReturnType<typeof shapes>

/**
 * Reads what an earlier run of dbt or Millrace left in a target folder: manifest.json, run_results.json and
 * sources.json, each if it is there.
 * @throws MillraceError MODEL_INVALID for a file that is none of these
 */
export async function readState(
  dir: string,
  options: { readonly folder: string; readonly targetPath: string },
): Promise<PreviousState> {
  const folder = resolve(dir, options.folder)
  const [manifest, results, sources, current] = await Promise.all([
    readArtifact(join(folder, 'manifest.json'), shapes().manifest),
    readArtifact(join(folder, 'run_results.json'), shapes().results),
    readArtifact(join(folder, 'sources.json'), shapes().sources),
    readArtifact(join(resolve(dir, options.targetPath), 'sources.json'), shapes().sources),
  ])
  return {
    folder: options.folder,
    ...(manifest ? { manifest: previousManifest(manifest) } : {}),
    ...(results ? { results: new Map(results.results.map(({ unique_id, status }) => [unique_id, status])) } : {}),
    ...(sources ? { sources: loadedAt(sources) } : {}),
    ...(current ? { currentSources: loadedAt(current) } : {}),
  }
}

/** What a manifest.json says of the nodes it lists. */
export function previousManifest(json: z.output<Shapes['manifest']>): PreviousManifest {
  const all = [
    json.nodes,
    json.sources,
    json.exposures,
    json.metrics,
    json.semantic_models,
    json.saved_queries,
    json.unit_tests,
    json.functions,
  ].flatMap((part) => Object.entries(part))
  return {
    project: json.metadata.project_name ?? '',
    members: new Map(all as [string, unknown][]) as ReadonlyMap<string, PreviousNode>,
    macros: new Map(Object.entries(json.macros)),
    disabled: new Set(Object.keys(json.disabled ?? {})),
  }
}

/** The manifest.json at a path, checked, or undefined without one. */
export function readManifestJson(file: string): Promise<z.output<Shapes['manifest']> | undefined> {
  return readArtifact(file, shapes().manifest)
}

/** An artifact of a target folder, checked, or undefined when it is not there. @throws MillraceError MODEL_INVALID */
export async function readArtifact<S extends z.ZodType>(file: string, shape: S): Promise<z.output<S> | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (text === undefined) return undefined
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (cause) {
    throw new MillraceError('MODEL_INVALID', `reading ${file}: it is not JSON`, { at: { file }, cause })
  }
  const parsed = shape.safeParse(data)
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  throw new MillraceError('MODEL_INVALID', `reading ${file}: ${first?.path.join('.')}: ${first?.message}`, {
    at: { file },
    hint: '--state needs the target folder of a run of dbt 1.x or of Millrace.',
  })
}

function loadedAt({ results }: z.output<Shapes['sources']>): ReadonlyMap<string, string | null> {
  return new Map(results.map(({ unique_id, max_loaded_at }) => [unique_id, max_loaded_at ?? null]))
}
