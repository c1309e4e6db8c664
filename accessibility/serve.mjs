// A folder on loopback, for as long as the check needs it.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

const KINDS = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

/** Serves `folder` on a free port of 127.0.0.1; answers with its origin and a function that ends it. */
export async function serve(folder) {
  const server = createServer(async (request, response) => {
    try {
      const { pathname } = new URL(request.url, "http://127.0.0.1");
      // Browsers ask for this unbidden; it is no fault of the page.
      if (pathname === "/favicon.ico") return response.writeHead(204).end();
      let path = normalize(join(folder, decodeURIComponent(pathname)));
      if (path !== folder && !path.startsWith(folder + sep)) throw new Error("outside the site");
      if (pathname.endsWith("/")) path = join(path, "index.html");
      const bytes = await readFile(path);
      response.writeHead(200, { "content-type": KINDS[extname(path)] ?? "application/octet-stream" });
      return response.end(bytes);
    } catch {
      return response.writeHead(404, { "content-type": "text/plain" }).end("not in the site");
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }),
  };
}
