import { descriptionRenderer } from '../context/base-context.ts'
import { yamlGlobals } from '../context/invocation-globals.ts'
import type { Invocation } from '../context/node-context.ts'
import type { RenderDescription } from '../docs.ts'

/** Renders the descriptions of a package's files. */
export function descriptionsOf(invocation: Invocation, owner: string): RenderDescription {
  const { packages, vars, environment } = invocation
  return descriptionRenderer({ vars: packages.get(owner)?.vars ?? vars, environment }, yamlGlobals(invocation))
}
