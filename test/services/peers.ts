import { homedir } from 'node:os'
import { join } from 'node:path'

/** The Python of a peer, where scripts/peers/install-python.sh puts it; it need not be there. */
export function peerPython(peer: string): string {
  return join(process.env.MILLRACE_CACHE ?? join(homedir(), '.cache/millrace'), 'peers', peer, 'bin/python')
}
