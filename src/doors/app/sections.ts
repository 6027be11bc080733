import { z } from 'zod'
import { postgresOptions } from '../../base/postgres/index.ts'
import type { ConnectionKinds, Section } from '../../base/project/index.ts'
import { azureOptions, gcsOptions, s3Options } from '../../base/store/index.ts'
import { datasetsSection, storageSection, zonesSection } from '../../data/catalog/index.ts'
import { mariadbOptions } from '../../data/connect/index.ts'
import { targetsSection } from '../../data/engine/index.ts'

const stateSection = {
  key: 'state',
  summary: 'The metadata database: runs, tries, cursors, leases.',
  schema: z
    .strictObject({
      path: z.string().default('.millrace/state.db').describe('The file of the embedded database.'),
      connection: z.string().optional().describe('A connection of the kind postgres, in place of the file.'),
      schema: z.string().default('millrace').describe('Where its tables go in PostgreSQL.'),
      sync: z
        .enum(['normal', 'full'])
        .default('normal')
        .describe('normal survives the death of the process, full a power loss too.'),
    })
    .prefault({}),
}

const varsSection = {
  key: 'vars',
  summary: 'Values that pipelines and models read.',
  schema: z.record(z.string(), z.json()).default({}),
}

const SECTIONS = {
  targets: targetsSection,
  storage: storageSection,
  zones: zonesSection,
  datasets: datasetsSection,
  state: stateSection,
  vars: varsSection,
} as const

/** The kinds of connection, with the options of each. */
export const CONNECTION_KINDS: ConnectionKinds = {
  postgres: postgresOptions,
  mariadb: mariadbOptions,
  s3: s3Options,
  gcs: gcsOptions,
  azure: azureOptions,
}

/** The checked sections of a millrace.yml, by key. */
export type Sections = { readonly [K in keyof typeof SECTIONS]: z.output<(typeof SECTIONS)[K]['schema']> }

/** Every section a millrace.yml may have. */
export function projectSections(): readonly Section[] {
  return Object.values(SECTIONS)
}
