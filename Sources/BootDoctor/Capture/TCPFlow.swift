/// BootDoctor: a TCP connection of a machine as it goes by: HTTP requests and answers, or TLS.

import PacketCapture
import Wire

/// Heads are collected in bounded buffers; of bodies only sequence numbers are looked at, and the first
/// bytes. What the capture lacks is concluded from the client's acknowledgments.
struct TCPFlow {
  enum News: Equatable {
    case nothing
    case changed
    case refused
    /// A request was read; it is in `request`.
    case requested
    case responded
    /// The body came to its end, well or not.
    case ended
    case alert
  }

  private enum Kind {
    case unknown, http, tls, other
  }

  private enum Answer {
    case head
    /// The sequence number of the body's first byte.
    case body(from: UInt32)
    case done
  }

  static let longestHead = 8192

  let key: FlowKey
  let client: Int
  var place: StepPlace?
  var record: ConnectionRecord
  var isDirty = false
  /// The request that is under way, or was the last.
  var request: HTTPRecord?
  var requestPlace: StepPlace?
  /// The one before it, which may have ended with this one's begin.
  var previous: HTTPRecord?
  private var kind = Kind.unknown
  private var answer = Answer.done
  private var clientNext: UInt32?
  private var serverNext: UInt32?
  private var question: [UInt8] = []
  private var reply: [UInt8] = []
  private var first: [UInt8] = []
  private var takesContent = false
  /// What `first` has is without gaps.
  private var contentNext: UInt32 = 0
  private var sawServerFIN = false

  init(key: FlowKey, client: Int, record: ConnectionRecord) {
    self.key = key
    self.client = client
    self.record = record
  }

  mutating func refuse(at moment: Moment) {
    if record.unreachable == nil { record.unreachable = moment }
    record.last = moment
    isDirty = true
  }

  mutating func receive(_ segment: TCPSegment, fromClient: Bool, at moment: Moment) -> News {
    isDirty = true
    record.last = moment
    if segment.flags.contains(.rst) { return receiveReset(fromClient, moment) }
    if segment.flags.contains(.syn) {
      if fromClient {
        clientNext = segment.sequence &+ 1
      } else {
        serverNext = segment.sequence &+ 1
        if record.established == nil { record.established = moment }
      }
      return .changed
    }
    if record.established == nil { record.established = moment }
    var news = News.nothing
    // Before its payload: the next question acknowledges the answer to the one before.
    if fromClient, segment.flags.contains(.ack), let ended = acknowledge(segment.acknowledgment) {
      news = ended
    }
    if segment.length > 0 {
      let told = fromClient ? receiveQuestion(segment, moment) : receiveAnswer(segment, moment)
      if told != .nothing { news = told }
    }
    if segment.flags.contains(.fin) {
      if record.closed == nil { record.closed = moment }
      if !fromClient { sawServerFIN = true }
      if let ended = close(byServer: !fromClient, moment) { news = ended }
    }
    return news
  }

  // MARK: the end

  private mutating func receiveReset(_ fromClient: Bool, _ moment: Moment) -> News {
    guard record.reset == nil else { return .nothing }
    record.reset = moment
    record.resetByServer = !fromClient
    if record.established == nil, !fromClient { return .refused }
    return close(byServer: !fromClient, moment) ?? .changed
  }

  private mutating func close(byServer: Bool, _ moment: Moment) -> News? {
    guard var request, request.ending == .open else { return nil }
    if request.status == nil {
      // iPXE closes after it has read; a server that closes without an answer has cut it.
      request.ending = byServer ? .cutByServer : .cutByClient
    } else if let length = request.contentLength {
      if request.bytes >= length {
        request.ending = .whole
      } else {
        request.ending = byServer ? .cutByServer : .cutByClient
      }
    } else {
      // Without a length the end of the connection is the end of the body. Chunks have an end of their
      // own.
      request.ending = byServer || request.isChunked ? .whole : .cutByClient
    }
    request.last = moment
    self.request = request
    settleContent()
    answer = .done
    return .ended
  }

  // MARK: questions

  private mutating func receiveQuestion(_ segment: TCPSegment, _ moment: Moment) -> News {
    record.sent += segment.length
    if kind == .unknown { kind = Self.kind(segment.payload) }
    let expected = clientNext ?? segment.sequence
    let isNew = Int32(bitPattern: segment.sequence &- expected) >= 0
    if isNew { clientNext = segment.sequence &+ UInt32(truncatingIfNeeded: segment.length) }
    switch kind {
    case .tls: return receiveTLS(segment.payload, fromClient: true, moment)
    case .http: break
    case .unknown, .other: return .nothing
    }
    guard isNew else { return .nothing }
    if question.isEmpty, !Self.startsRequest(segment.payload) { return .nothing }
    if question.count < Self.longestHead {
      question += segment.payload.prefix(Self.longestHead - question.count)
    }
    let isCut = segment.payload.count < segment.length
    guard let head = HTTPHead(request: question) else {
      if isCut || question.count >= Self.longestHead { question = [] }
      return .nothing
    }
    question = []
    begin(head, segment, moment)
    return .requested
  }

  private mutating func begin(_ head: HTTPHead, _ segment: TCPSegment, _ moment: Moment) {
    record.requests += 1
    previous = request
    var new = HTTPRecord(
      server: record.server, port: record.port, method: head.first, target: head.second,
      host: head.value("host"), agent: head.value("user-agent"), request: moment)
    new.last = moment
    request = new
    answer = .head
    reply = []
    first = []
    takesContent = true
    // What the server sends from now on is the answer.
    if segment.flags.contains(.ack) { serverNext = segment.acknowledgment }
  }

  // MARK: answers

  private mutating func receiveAnswer(_ segment: TCPSegment, _ moment: Moment) -> News {
    record.received += segment.length
    switch kind {
    case .tls: return receiveTLS(segment.payload, fromClient: false, moment)
    case .http: break
    case .unknown, .other: return .nothing
    }
    switch answer {
    case .done: return .nothing
    case .head: return receiveHead(segment, moment)
    case .body(let start):
      let end = segment.sequence &+ UInt32(truncatingIfNeeded: segment.length)
      if takesContent { take(segment.payload, at: segment.sequence) }
      request?.last = moment
      let before = request?.bytes
      let news = advance(to: end, from: start)
      if request?.bytes == before { request?.repeated += 1 }
      if news == nil, request?.isChunked == true, segment.payload.hasSuffix(Self.lastChunk) {
        return endBody()
      }
      return news ?? .nothing
    }
  }

  private static let lastChunk = Array("0\r\n\r\n".utf8)

  private mutating func receiveHead(_ segment: TCPSegment, _ moment: Moment) -> News {
    let expected = serverNext ?? segment.sequence
    guard segment.sequence == expected else {
      if Int32(bitPattern: segment.sequence &- expected) < 0 { request?.repeated += 1 }
      return .nothing
    }
    serverNext = segment.sequence &+ UInt32(truncatingIfNeeded: segment.length)
    reply += segment.payload.prefix(Self.longestHead - reply.count)
    guard let head = HTTPHead(response: reply) else {
      if reply.count >= Self.longestHead { answer = .done }
      return .nothing
    }
    // 100 Continue and its like are followed by the real one.
    if let status = Int(head.second), (100..<200).contains(status) {
      reply = []
      return .nothing
    }
    let before = reply.count - segment.payload.count
    let start = segment.sequence &+ UInt32(truncatingIfNeeded: max(0, head.length - before))
    note(head, moment)
    reply = []
    if request?.method == "HEAD" || request?.status == 204 || request?.status == 304
      || request?.contentLength == 0
    {
      return endBody()
    }
    answer = .body(from: start)
    contentNext = start
    let rest = segment.payload.dropFirst(max(0, head.length - before))
    take(rest, at: start)
    let end = segment.sequence &+ UInt32(truncatingIfNeeded: segment.length)
    if let news = advance(to: end, from: start) { return news }
    if request?.isChunked == true, segment.payload.hasSuffix(Self.lastChunk) { return endBody() }
    return .responded
  }

  private mutating func note(_ head: HTTPHead, _ moment: Moment) {
    request?.status = Int(head.second)
    request?.response = moment
    request?.last = moment
    request?.contentType = head.value("content-type")
    request?.contentLength = head.value("content-length").flatMap { Int($0) }
    request?.isChunked = head.value("transfer-encoding")?.lowercased().hasSuffix("chunked") == true
    request?.retryAfter = head.value("retry-after")
    request?.location = head.value("location")
  }

  /// The body reaches up to this sequence number.
  private mutating func advance(to end: UInt32, from start: UInt32) -> News? {
    guard let known = request?.bytes else { return nil }
    // More than 4 GB: numbers begin again.
    let difference = Int32(
      bitPattern: end &- start &- UInt32(truncatingIfNeeded: known))
    if difference > 0 { request?.bytes = known + Int(difference) }
    guard let request, let length = request.contentLength, request.bytes >= length else {
      return nil
    }
    return endBody()
  }

  /// The client has all up to here, also what this capture has not.
  private mutating func acknowledge(_ number: UInt32) -> News? {
    guard case .body(let start) = answer, let known = request?.bytes else { return nil }
    let difference = Int32(bitPattern: number &- start &- UInt32(truncatingIfNeeded: known))
    guard difference > (sawServerFIN ? 1 : 0) else { return nil }
    request?.last = record.last
    return advance(to: number, from: start)
  }

  private mutating func endBody() -> News {
    request?.ending = .whole
    answer = .done
    settleContent()
    return .ended
  }

  private mutating func take(_ payload: ArraySlice<UInt8>, at sequence: UInt32) {
    guard takesContent, sequence == contentNext, first.count < 8192 else { return }
    first += payload.prefix(8192 - first.count)
    contentNext = sequence &+ UInt32(truncatingIfNeeded: payload.count)
    if first.count >= 1024, !first.starts(with: "#!".utf8) { settleContent() }
  }

  private mutating func settleContent() {
    guard takesContent, !first.isEmpty else { return }
    takesContent = false
    let isWhole = request?.ending == .whole && first.count >= request?.bytes ?? 0
    // Chunks begin with their length.
    if request?.isChunked == true, let line = first.firstIndex(of: 10) {
      first.removeSubrange(...line)
    }
    request?.content = FileContent(first[...], isWhole: isWhole)
    first = []
  }

  // MARK: kinds

  private static func kind(_ payload: ArraySlice<UInt8>) -> Kind {
    if payload.starts(with: [0x16, 3]) { return .tls }
    return startsRequest(payload) ? .http : .other
  }

  private static let methods = ["GET ", "HEAD ", "POST ", "PUT "].map { Array($0.utf8) }

  private static func startsRequest(_ payload: ArraySlice<UInt8>) -> Bool {
    methods.contains { payload.starts(with: $0) }
  }

  private mutating func receiveTLS(
    _ payload: ArraySlice<UInt8>, fromClient: Bool, _ moment: Moment
  ) -> News {
    var tls = record.tls ?? ConnectionRecord.TLS()
    let wasNew = record.tls == nil
    let hadAlert = tls.alert != nil
    tls.receive(payload, fromClient: fromClient, at: moment)
    record.tls = tls
    if !hadAlert, tls.alert != nil, !tls.isEstablished { return .alert }
    return wasNew ? .changed : .nothing
  }
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ end: [UInt8]) -> Bool {
    count >= end.count && suffix(end.count).elementsEqual(end)
  }
}
