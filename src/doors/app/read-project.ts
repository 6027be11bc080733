import { type Json, unknownName } from '../../base/kernel/index.ts'
import { loadProject, type ProjectConfig } from '../../base/project/index.ts'
import type { Target } from '../../data/engine/index.ts'
import { CONNECTION_KINDS, projectSections, type Sections } from './sections.ts'

/** Which project to open, and how. */
export interface OpenOptions {
  /** The project folder or one below it; by default the current folder. */
  readonly projectDir?: string
  /** A target of millrace.yml; by default its first. */
  readonly target?: string
  /** Values over those of the section `vars`. */
  readonly vars?: Readonly<Record<string, Json>>
  readonly signal?: AbortSignal
  /** Told when closing waits for other processes that still use the database. */
  readonly onLinger?: () => void
}

/** Reads a project's millrace.yml without opening anything. @throws MillraceError PROJECT_NOT_FOUND, PROJECT_INVALID */
export async function readProject(options: OpenOptions): Promise<ProjectConfig> {
  return loadProject(options.projectDir ?? process.cwd(), projectSections(), process.env, CONNECTION_KINDS)
}

/** The name and options of the target that is asked for. @throws MillraceError TARGET_UNKNOWN */
export function targetOf(sections: Sections, asked: string | undefined): { name: string; options: Target } {
  const [first] = Object.keys(sections.targets)
  const name = asked ?? first
  const options = name === undefined ? undefined : sections.targets[name]
  if (name === undefined || !options)
    throw unknownName('TARGET_UNKNOWN', 'the target', name ?? '', Object.keys(sections.targets))
  return { name, options }
}
