import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { MillraceError, type Place } from '../../../base/kernel/index.ts'
import { readYaml } from '../../../base/project/index.ts'

/** Replaces the variables in a text of the project's configuration. */
export type Substitute = (text: string, at: Place) => string

/**
 * Great Expectations' configuration variables: `${NAME}` and `$NAME` stand for a variable of the environment or else of
 * `config_variables.yml`; `\$` is a dollar sign (its guide "Configure credentials").
 * @throws MillraceError GX_PROJECT_INVALID when the file cannot be read as YAML
 */
export async function configVariables(
  dir: string,
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Substitute> {
  const path = file === undefined ? undefined : join(dir, file)
  const read = path !== undefined && existsSync(path) ? await readYaml(path, 'GX_PROJECT_INVALID') : undefined
  const variables = (read?.data ?? {}) as Readonly<Record<string, unknown>>
  const substitute: Substitute = (text, at) =>
    text.replace(/\\\$|\$\{(\w+)\}|\$([A-Za-z_]\w*)/g, (whole, braced?: string, bare?: string) => {
      const name = braced ?? bare
      if (name === undefined) return '$'
      const value = environment[name] ?? (Object.hasOwn(variables, name) ? variables[name] : undefined)
      if (value === undefined || value === null) {
        throw new MillraceError(
          'SECRET_MISSING',
          `${whole} is set neither in the environment nor in ${file ?? 'a file'}`,
          {
            at,
            hint: `Set ${name}; write \\$ for a dollar sign that stands for itself.`,
          },
        )
      }
      // A variable of the file may itself name one of the environment.
      return environment[name] === undefined && typeof value === 'string' && value !== text
        ? substitute(value, at)
        : String(value)
    })
  return substitute
}
