import { z } from 'zod'
import type { Manifest } from '../node.ts'
import { type Entry, listOf, mapping, nameOf, placed, referenceOf, refId, required, sourceId } from './entry.ts'
import type { GraphEnd } from './graph-ends.ts'

const TYPES = ['dashboard', 'notebook', 'analysis', 'ml', 'application'] as const

/**
 * An exposure: what people use models for.
 * @throws MillraceError MODEL_INVALID, REF_NOT_FOUND, SOURCE_NOT_FOUND
 */
export function exposureOf(entry: Entry, manifest: Manifest): GraphEnd {
  const { written } = entry
  const name = nameOf(entry, 'an exposure')
  const type = required(entry, 'type', z.enum(TYPES))
  const owner = required(entry, 'owner', z.looseObject({ name: z.string().nullish(), email: z.unknown().optional() }))
  const references = listOf(written['depends_on']).map((text) => referenceOf(text, entry))
  const refs = references.flatMap((one) => (one.kind === 'ref' ? [one.ref] : []))
  const sources = references.flatMap((one) => (one.kind === 'source' ? [one.source] : []))
  const metrics = references.flatMap((one) => (one.kind === 'metric' ? [one.metric] : []))
  const config = mapping(written['config'])
  const meta = { ...mapping(written['meta']), ...mapping(config['meta']) }
  const tags = [...new Set([...listOf(written['tags']), ...listOf(config['tags'])].map(String))].sort()
  return {
    ...placed(entry, 'exposure', name),
    type,
    owner: { ...owner, email: owner.email ?? null, name: owner.name ?? null },
    description: String(written['description'] ?? ''),
    label: written['label'] ?? null,
    maturity: written['maturity'] ?? null,
    meta,
    tags,
    config: { enabled: config['enabled'] !== false, tags, meta },
    unrendered_config: config,
    url: written['url'] ?? null,
    depends_on: {
      macros: [],
      nodes: distinct([
        ...sources.map((source) => sourceId(manifest, source, entry)),
        ...refs.map((ref) => refId(manifest, ref, entry)),
        ...metrics.map((metric) => `metric.${metric.length > 1 ? metric[0] : entry.package}.${metric.at(-1)}`),
      ]),
    },
    refs,
    sources,
    metrics,
    created_at: 0,
  }
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)]
}
