import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { DOCS_STYLE } from './docs-style.ts'
import { ELEMENTS_SCRIPT } from './elements-script.ts'
import { LINEAGE_SCRIPT } from './lineage-script.ts'
import { NODE_SCRIPT } from './node-script.ts'
import { PAGE_SCRIPT } from './page-script.ts'
import { START_SCRIPT } from './start-script.ts'

/**
 * The page of `docs generate`. By itself it loads manifest.json, catalog.json and column_lineage.json from beside it; with `data` it holds
 * them, so that one file can be sent or put anywhere. Nothing is loaded from elsewhere but the pictures that descriptions name.
 */
export function docsPage(data?: {
  readonly manifest: object
  readonly catalog: object
  readonly lineage: object
}): string {
  const held = data === undefined ? '' : `<script id="data" type="application/json">${embedded(data)}</script>\n`
  const script = [ELEMENTS_SCRIPT, LINEAGE_SCRIPT, NODE_SCRIPT, START_SCRIPT, PAGE_SCRIPT].join('')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src * data:">
<link rel="icon" href="data:,">
<title>Models</title>
<style>${DOCS_STYLE}</style>
</head>
<body>
<header><h1><a id="title" href="#">Models</a></h1><input id="search" type="search" placeholder="Search names, columns, descriptions" aria-label="Search"></header>
<nav id="nodes" aria-label="Nodes"></nav>
<main id="detail" tabindex="-1"></main>
${held}<script>${markdownReader()}</script>
<script>${script}</script>
</body>
</html>
`
}

/** The reader of Markdown as a script for browsers, which makes `marked` known to the page. */
function markdownReader(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('marked/package.json'))
  const script = readFileSync(join(folder, 'lib/marked.umd.js'), 'utf8')
  return script.replace(/\n\/\/# sourceMappingURL=.*/, '').replaceAll('</script', '<\\/script')
}

/** JSON that cannot end the script element it stands in. */
function embedded(data: object): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}
