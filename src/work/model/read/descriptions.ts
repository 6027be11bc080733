import { descriptionRenderer } from '../context/base-context.ts'
import type { Invocation } from '../context/node-context.ts'
import type { RenderDescription } from '../docs.ts'

/** Renders the descriptions of a package's files. */
export function descriptionsOf({ packages, vars, environment, target }: Invocation, owner: string): RenderDescription {
  return descriptionRenderer({ vars: packages.get(owner)?.vars ?? vars, environment }, { target })
}
