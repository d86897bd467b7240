/// Images: the head of an HTTP response, as far as an image needs it.

import AsyncHTTPClient
import NIOHTTP1

extension UpstreamHead {
  init(_ response: HTTPClientResponse) {
    let headers = response.headers
    self.init(status: Int(response.status.code))
    contentType = headers.first(name: "Content-Type")
    contentLength = headers.first(name: "Content-Length").flatMap { Int($0) }
      .flatMap { $0 >= 0 ? $0 : nil }
    contentRange = headers.first(name: "Content-Range").flatMap(ContentRange.init)
    entityTag = headers.first(name: "ETag")
    lastModified = headers.first(name: "Last-Modified")
    let control = headers[canonicalForm: "Cache-Control"].joined(separator: ",")
    cacheControl = control.isEmpty ? nil : control
    age = headers.first(name: "Age").flatMap { Int($0) }
    location = headers.first(name: "Location")
  }
}
