import type { Page } from '../core/pages.js'
import { toSnakeCase, type Parameters } from '../core/parameters.js'
import type { Path } from '../core/path.js'
import type { ApiClient, ListParts, Method, RequestParts } from '../core/request.js'
import { translate } from './translate.js'

/** A file, and the form fields sent with it. */
type Upload = { file: Blob; [name: string]: Blob | string | undefined }

/** Base of all resources: sends a request and translates its answer. */
export abstract class Api {
  protected readonly client: ApiClient

  constructor(client: ApiClient) {
    this.client = client
  }

  protected read<Result>(path: Path, query?: Parameters): Promise<Result> {
    return this.send('GET', path, { query })
  }

  protected readPage<Item>(path: Path, query?: Parameters, parts?: ListParts): Promise<Page<Item>> {
    return this.client.list(path, translate<Item>, query, parts)
  }

  protected post<Result>(path: Path, body?: Parameters): Promise<Result> {
    return this.send('POST', path, { body })
  }

  protected patch<Result>(path: Path, body?: Parameters): Promise<Result> {
    return this.send('PATCH', path, { body })
  }

  protected put<Result>(path: Path, body?: Parameters): Promise<Result> {
    return this.send('PUT', path, { body })
  }

  protected remove<Result>(path: Path, query?: Parameters): Promise<Result> {
    return this.send('DELETE', path, { query })
  }

  /** Sends a file and further fields as a form. */
  protected upload<Result>(method: Method, path: Path, parts: Upload): Promise<Result> {
    const form = new FormData()
    for (const [name, value] of Object.entries(parts)) if (value) form.append(toSnakeCase(name), value)
    return this.send(method, path, { form })
  }

  protected send<Result>(method: Method, path: Path, parts: RequestParts): Promise<Result> {
    return this.client.request(method, path, parts).then((json) => translate<Result>(json))
  }
}
