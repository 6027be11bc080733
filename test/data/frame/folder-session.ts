import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '../../../src/data/engine/index.ts'
import { type FrameSession, frameSession } from '../../../src/data/frame/index.ts'

/** A session whose relative paths start in an empty folder, which is removed with it. */
export interface FolderSession extends AsyncDisposable {
  readonly dir: string
  readonly session: FrameSession
}

/** Opens a session over an empty folder; the engine stays open afterwards. */
export async function openFolderSession(engine: Engine): Promise<FolderSession> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-frame-'))
  return {
    dir,
    session: await frameSession({ engine, dir }),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}
