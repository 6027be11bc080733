import type { DbtPackages } from '../packages/dbt-package.ts'
import type { DbtProject } from '../read/dbt-project.ts'
import type { InvocationFlags } from './flags-object.ts'

/** What `ref.config` tells of the invocation: packages reach for dbt's own configuration by it. */
export function runtimeConfig(invocation: {
  readonly project: DbtProject
  readonly packages: DbtPackages
  readonly vars: Readonly<Record<string, unknown>>
  readonly flags: InvocationFlags
}): object {
  const { project, packages, flags } = invocation
  const told = ({ name, version, dir }: DbtProject) => ({ project_name: name, version, project_root: dir })
  const vars = { ...project.vars }
  return {
    ...told(project),
    args: { ...flags.named },
    cli_vars: {},
    vars: { vars, to_dict: () => ({ vars }) },
    dependencies: Object.fromEntries([...packages].map(([name, one]) => [name, told(one.project)])),
  }
}
