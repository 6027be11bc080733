import { DOCS_SCRIPT } from './docs-script.ts'
import { DOCS_STYLE } from './docs-style.ts'

/**
 * The page of `docs generate`. By itself it loads manifest.json, catalog.json and column_lineage.json from beside it; with `data` it holds
 * them, so that one file can be sent or put anywhere.
 */
export function docsPage(data?: {
  readonly manifest: object
  readonly catalog: object
  readonly lineage: object
}): string {
  const held = data === undefined ? '' : `<script id="data" type="application/json">${embedded(data)}</script>\n`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Models</title>
<style>${DOCS_STYLE}</style>
</head>
<body>
<header><h1 id="title">Models</h1><input id="search" type="search" placeholder="Search names, columns, descriptions" aria-label="Search"></header>
<nav id="nodes" aria-label="Nodes"></nav>
<main id="detail"></main>
${held}<script>${DOCS_SCRIPT}</script>
</body>
</html>
`
}

/** JSON that cannot end the script element it stands in. */
function embedded(data: object): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}
