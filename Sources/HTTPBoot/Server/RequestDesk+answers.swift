/// HTTPBoot: what the desk answers itself.

import HTTPTypes
import Images
import NIOCore
import NIOHTTP1
import Wire

extension RequestDesk {
  func give(
    _ image: OpenImage, _ path: String, _ request: FileRequest, _ asked: Asked,
    _ context: ChannelHandlerContext
  ) {
    let answer = ImageAnswer(
      to: request, isHead: asked.isHead, of: image.file, lastModified: image.lastModified,
      boundary: ImageAnswer.boundary)
    writeHead(
      HTTPResponseStatus(statusCode: answer.status), answer.headers, asked, context)
    guard let range = answer.range, !asked.isHead else {
      for case .text(let text) in answer.parts {
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
      }
      end(nil, asked, context, nil)
      return context.flush()
    }
    let transfer = ImageTransfer(
      path: path, client: place.client, size: image.file.size, range: range)
    let (start, isTold) = (NIODeadline.now(), transfer.isWhole || toldPartsOf != path)
    toldPartsOf = transfer.isWhole ? nil : path
    if isTold { tell(.started(transfer), context) }
    deliver(image, answer.parts, context).assumeIsolated().whenComplete { result in
      if case .failure(let error) = result {
        self.tell(.broken(transfer, reason: FileDelivery.reason(error)), context)
        return context.close(promise: nil)
      }
      let event = { ImageEvent.delivered(transfer, duration: .init(.now() - start)) }
      guard transfer.isWhole else {
        self.end(nil, asked, context, nil)
        return isTold ? self.tell(event(), context) : ()
      }
      let position = self.door.written
      if asked.keepsAlive { self.end(nil, asked, context, nil) }
      self.acknowledged(position, context).assumeIsolated().whenComplete { result in
        switch result {
        case .success: self.tell(event(), context)
        case .failure(let error):
          self.tell(.broken(transfer, reason: FileDelivery.reason(error)), context)
        }
        // Not before: of a closed connection the kernel does not say what the peer has.
        if !asked.keepsAlive { self.end(nil, asked, context, nil) }
      }
    }
  }

  func giveScript(
    _ name: String, _ host: String?, _ asked: Asked, _ context: ChannelHandlerContext
  ) {
    let (recorded, scripts) = (recorded, MachineScripts(source))
    let root = ServerRoot(hostHeader: host, local: place.local, port: place.localPort).url
    let client = place.client
    if recorded == nil, !asked.isHead,
      let text = scripts.textAtOnce(named: name, client: client, root: root)
    {
      return write(.success(text), asked, context)
    }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    Task {
      await recorded?.value
      let answer: Result<String?, BootRefusal>
      do throws(BootRefusal) {
        answer = .success(
          try await scripts.text(named: name, isHead: asked.isHead, client: client, root: root))
      } catch {
        answer = .failure(error)
      }
      bound.execute { desk, context in desk.write(answer, asked, context) }
    }
  }

  private func write(
    _ script: Result<String?, BootRefusal>, _ asked: Asked, _ context: ChannelHandlerContext
  ) {
    guard context.channel.isActive else { return }
    var headers = [ImageAnswer.Header(name: "Content-Type", value: "text/plain; charset=utf-8")]
    let (status, text): (HTTPResponseStatus, String?)
    switch script {
    case .success(let script):
      (status, text) = (.ok, script)
      headers.append(ImageAnswer.Header(name: "Cache-Control", value: "no-store"))
    case .failure(let refusal):
      (status, text) = (HTTPResponseStatus(statusCode: refusal.status.code), refusal.reason + "\n")
      if let wait = refusal.retryAfter {
        headers.append(ImageAnswer.Header(name: "Retry-After", value: String(wait)))
      }
    }
    if let text {
      headers.append(ImageAnswer.Header(name: "Content-Length", value: String(text.utf8.count)))
    }
    writeHead(status, headers, asked, context)
    if let text, !asked.isHead {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
    }
    end(nil, asked, context, nil)
    context.flush()
  }

  private func writeHead(
    _ status: HTTPResponseStatus, _ fields: [ImageAnswer.Header], _ asked: Asked,
    _ context: ChannelHandlerContext
  ) {
    var headers = HTTPHeaders()
    headers.reserveCapacity(fields.count + 3)
    for field in fields { headers.add(name: field.name, value: field.value) }
    headers.add(name: "Date", value: clock.date)
    headers.add(name: "Server", value: "fino")
    Self.nameConnection(&headers, asked, closes: !asked.keepsAlive)
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))),
      promise: nil)
  }
}

extension FileRequest {
  /// The conditions of a request, as the HTTP codec has them.
  init(_ headers: HTTPHeaders) {
    func all(_ name: String) -> String? {
      guard headers.contains(name: name) else { return nil }
      return headers[name].joined(separator: ", ")
    }
    self.init(
      range: all("range"), ifRange: headers.first(name: "if-range"),
      ifNoneMatch: all("if-none-match"),
      ifModifiedSince: headers.first(name: "if-modified-since"), ifMatch: all("if-match"),
      ifUnmodifiedSince: headers.first(name: "if-unmodified-since"))
  }
}
