import { MillraceError } from './error.ts'

/**
 * Loads a package that is not a dependency of Millrace's (an optional peer), at the moment it is needed.
 * `purpose` completes the sentence "the package … , which …": `'reads and writes PostgreSQL'`.
 * @throws MillraceError DEPENDENCY_MISSING with the install command
 */
export async function optional<Module>(name: string, purpose: string): Promise<Module> {
  try {
    return (await import(name)) as Module
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    throw new MillraceError(
      'DEPENDENCY_MISSING',
      `loading the package ${name}, which ${purpose}: it is not installed`,
      {
        cause,
        hint: `Run: npm install ${name}`,
        data: { package: name },
      },
    )
  }
}
