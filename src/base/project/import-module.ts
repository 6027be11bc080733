import { statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type ErrorCode, MillraceError, ownModule } from '../kernel/index.ts'

let hooked = false

/**
 * What a module of the project exports, in this process: for definitions (expectations, suites), which are values. In
 * it `millrace` means this very package. A file that was changed since is read anew.
 * @throws MillraceError of the given code, with the file, when it cannot be loaded
 */
export async function importModule(file: string, code: ErrorCode): Promise<Readonly<Record<string, unknown>>> {
  if (!hooked) {
    hooked = true
    registerHooks({
      resolve(specifier, context, next) {
        const own = ownModule(specifier)
        return own === undefined ? next(specifier, context) : { url: own, shortCircuit: true }
      },
    })
  }
  try {
    const version = statSync(file).mtimeMs
    return (await import(/* @vite-ignore */ `${pathToFileURL(file).href}?version=${version}`)) as Record<
      string,
      unknown
    >
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new MillraceError(code, `loading ${file}: ${said}`, { cause, at: { file } })
  }
}
