import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import { MillraceError } from '../../../base/kernel/index.ts'
import { readDbtPaths } from '../../../work/model/index.ts'
import { type DbtPlaceOptions, dbtFolder } from './find-dbt-project.ts'

const FILES: Readonly<Record<string, string>> = {
  '/': 'index.html',
  '/index.html': 'index.html',
  '/manifest.json': 'manifest.json',
  '/catalog.json': 'catalog.json',
  '/column_lineage.json': 'column_lineage.json',
  '/run_results.json': 'run_results.json',
}

/** A server of the documentation; closed by `await using`. */
export interface DocsServer extends AsyncDisposable {
  readonly url: string
}

/**
 * Serves what `docs generate` wrote into the target folder: the page and its artifacts, nothing else.
 * @throws MillraceError PROJECT_NOT_FOUND without documentation, OPTION_INVALID when the port is taken
 */
export async function serveDbtDocs(
  place: DbtPlaceOptions,
  options: { readonly host: string; readonly port: number; readonly targetPath?: string },
): Promise<DocsServer> {
  const dir = dbtFolder(place)
  const paths = await readDbtPaths(dir, { environment: process.env, vars: place.vars ?? {} })
  const folder = resolve(dir, options.targetPath ?? paths.targetPath)
  await readFile(join(folder, 'index.html')).catch(() => {
    throw new MillraceError('PROJECT_NOT_FOUND', `there is no documentation in ${folder}`, {
      hint: 'Run millrace dbt docs generate first.',
    })
  })
  const server = createServer((request, response) => {
    const name = FILES[(request.url ?? '/').split('?')[0] ?? '/']
    const type = name?.endsWith('.html') ? 'text/html; charset=utf-8' : 'application/json'
    if (name === undefined) return void response.writeHead(404).end('not found\n')
    readFile(join(folder, name)).then(
      (body) => response.writeHead(200, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body),
      () => response.writeHead(404).end('not found\n'),
    )
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', (cause) =>
      failed(
        new MillraceError('OPTION_INVALID', `listening on ${options.host}:${options.port}`, {
          cause,
          hint: 'Choose another with --port.',
        }),
      ),
    )
    server.listen(options.port, options.host, listening)
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  return {
    url: `http://${options.host}:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
