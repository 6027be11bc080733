import type { CommandDefinition } from '../command.ts'

interface CommandEntry {
  readonly name: string
  load(): Promise<{ default: CommandDefinition }>
}

/** Every command, in the order help shows them; loaded when it is the one. Longer names stand before shorter ones. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: 'init', load: () => import('./init.ts') },
  { name: 'run', load: () => import('./run.ts') },
  { name: 'backfill list', load: () => import('./backfill-list.ts') },
  { name: 'backfill show', load: () => import('./backfill-show.ts') },
  { name: 'backfill', load: () => import('./backfill.ts') },
  { name: 'task run', load: () => import('./task-run.ts') },
  { name: 'show', load: () => import('./show.ts') },
  { name: 'dbt', load: () => import('./dbt.ts') },
  { name: 'lineage', load: () => import('./lineage.ts') },
  { name: 'plan', load: () => import('./plan.ts') },
  { name: 'validate list', load: () => import('./validate-list.ts') },
  { name: 'validate history', load: () => import('./validate-history.ts') },
  { name: 'validate docs', load: () => import('./validate-docs.ts') },
  { name: 'validate', load: () => import('./validate.ts') },
  { name: 'profile', load: () => import('./profile.ts') },
  { name: 'ingest', load: () => import('./ingest.ts') },
  { name: 'query', load: () => import('./query.ts') },
  { name: 'table show', load: () => import('./table-show.ts') },
  { name: 'table history', load: () => import('./table-history.ts') },
  { name: 'table diff', load: () => import('./table-diff.ts') },
  { name: 'table optimize', load: () => import('./table-optimize.ts') },
  { name: 'table vacuum', load: () => import('./table-vacuum.ts') },
  { name: 'table restore', load: () => import('./table-restore.ts') },
  { name: 'table convert', load: () => import('./table-convert.ts') },
  { name: 'table clone', load: () => import('./table-clone.ts') },
  { name: 'table checkpoint', load: () => import('./table-checkpoint.ts') },
  { name: 'types', load: () => import('./types.ts') },
  { name: 'doctor', load: () => import('./doctor.ts') },
  { name: 'completion', load: () => import('./completion.ts') },
]
