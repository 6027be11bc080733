import type { DbtPackages } from '../packages/dbt-package.ts'
import type { DbtProject } from '../read/dbt-project.ts'
import type { InvocationFlags } from './flags-object.ts'

interface Configured {
  readonly project: DbtProject
  readonly packages: DbtPackages
  readonly flags: InvocationFlags
}

/** Gives a value `config`, by which packages reach for dbt's own configuration: `builtins.ref.config`, `adapter.config`. */
export function withRuntimeConfig<T extends object>(called: T, invocation: Configured): T {
  // Few ask for it.
  return Object.defineProperty(called, 'config', { get: () => runtimeConfig(invocation) })
}

function runtimeConfig({ project, packages, flags }: Configured): object {
  const told = ({ name, version, dir }: DbtProject) => ({ project_name: name, version, project_root: dir })
  const vars = { ...project.vars }
  return {
    ...told(project),
    args: { ...flags.named },
    cli_vars: {},
    quoting: { database: true, schema: true, identifier: true },
    vars: { vars, to_dict: () => ({ vars }) },
    dependencies: Object.fromEntries([...packages].map(([name, one]) => [name, told(one.project)])),
  }
}
