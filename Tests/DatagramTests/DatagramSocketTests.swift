/// Tests of Datagram: sockets and timers on a real loop, over loopback.

import Synchronization
import Testing
import Wire

@testable import Datagram

@Suite struct DatagramSocketTests {
  /// Whoever opens the port again in the same breath must get it: an interface's MTU has changed.
  @Test func aSocketThatIsClosedOnTheLoopGivesItsPortBackAtOnce() async throws {
    let loop = try DatagramLoop(name: "test")
    defer { loop.shutdown() }
    let failure = await withCheckedContinuation {
      (answer: CheckedContinuation<SocketError?, Never>) in
      loop.execute {
        do throws(SocketError) {
          let first = try DatagramSocket.bind(
            on: loop, interface: nil, address: .loopback, port: 0
          ) { _ in }
          first.close()
          let second = try DatagramSocket.bind(
            on: loop, interface: nil, address: .loopback, port: first.local.port
          ) { _ in }
          second.close()
          answer.resume(returning: nil)
        } catch {
          answer.resume(returning: error)
        }
      }
    }
    #expect(failure == nil)
  }

  @Test func answersFromTheAddressThatWasAsked() async throws {
    let loop = try DatagramLoop(name: "test")
    defer { loop.shutdown() }
    let asked = IPAddress.v4(IPv4Address(127, 0, 0, 9))
    let (received, toServer) = AsyncStream<ReceivedDatagram>.makeStream()
    let server = try DatagramSocket.bind(on: loop, interface: "lo", address: .any, port: 0) {
      toServer.yield($0)
    }
    let (answers, toClient) = AsyncStream<ReceivedDatagram>.makeStream()
    let client = try DatagramSocket.bind(
      on: loop, interface: nil, address: .loopback, port: 0
    ) { toClient.yield($0) }

    client.send([1, 2, 3], to: Endpoint(asked, server.local.port))
    let question = try #require(await received.first { _ in true })
    #expect(question.payload == [1, 2, 3])
    #expect(question.destination == asked)
    #expect(question.local == asked)
    #expect(question.source == client.local)
    #expect(question.interfaceIndex > 0)

    server.send([4], to: question.source, from: question.local)
    let answer = try #require(await answers.first { _ in true })
    #expect(answer.source == Endpoint(asked, server.local.port))
    server.close()
    client.close()
  }

  @Test func aTakenPortNamesItself() throws {
    let loop = try DatagramLoop(name: "test")
    defer { loop.shutdown() }
    let first = try DatagramSocket.bind(
      on: loop, interface: nil, address: .loopback, port: 0
    ) { _ in }
    let error = #expect(throws: SocketError.self) {
      try DatagramSocket.bind(
        on: loop, interface: nil, address: .loopback, port: first.local.port
      ) { _ in }
    }
    #expect(error?.isAddressInUse == true)
    #expect(
      error?.description
        == "cannot bind UDP port \(first.local.port) at 127.0.0.1: the port is taken")
    first.close()
  }

  @Test func whatTheKernelDoesNotSendIsAnswered() throws {
    let loop = try DatagramLoop(name: "test")
    defer { loop.shutdown() }
    let socket = try DatagramSocket.bind(
      on: loop, interface: nil, address: .loopback, port: 0
    ) { _ in }
    let peer = Endpoint(IPAddress.loopback, socket.local.port)
    #expect(socket.send([1], to: peer) == nil)
    let huge = [UInt8](repeating: 0, count: 65_508)
    #expect(
      socket.send(huge, to: peer)?.description == "cannot send to \(peer): Message too long")
    socket.close()
    #expect(socket.send([1], to: peer) != nil)
  }

  @Test func aSharedPortIsHadTwice() throws {
    let loop = try DatagramLoop(name: "test")
    defer { loop.shutdown() }
    let first = try DatagramSocket.bind(
      on: loop, interface: nil, address: .loopback, port: 0, shared: true
    ) { _ in }
    let second = try DatagramSocket.bind(
      on: loop, interface: nil, address: .loopback, port: first.local.port, shared: true
    ) { _ in }
    #expect(first.local == second.local)
    first.close()
    second.close()
  }

  @Test func aMissingInterfaceNamesItself() throws {
    let loop = try DatagramLoop(name: "test")
    defer { loop.shutdown() }
    let error = #expect(throws: SocketError.self) {
      try DatagramSocket.bind(
        on: loop, interface: "fino-none", address: .any, port: 0
      ) { _ in }
    }
    #expect(error?.description.hasSuffix("there is no such interface") == true)
  }

  @Test func aConnectedSocketHearsThatNobodyListens() async throws {
    let loop = try DatagramLoop(name: "test")
    defer { loop.shutdown() }
    let gone = try DatagramSocket.bind(
      on: loop, interface: nil, address: .loopback, port: 0
    ) { _ in }
    let port = gone.local.port
    gone.close()
    let (failures, failed) = AsyncStream<SocketError>.makeStream()
    // The port is free once the loop has closed the descriptor.
    let (turns, turned) = AsyncStream<Void>.makeStream()
    loop.execute { loop.execute { turned.yield() } }
    _ = await turns.first { _ in true }
    let client = try DatagramSocket.connect(
      on: loop, to: Endpoint(IPAddress.loopback, port), receive: { _ in },
      failure: { failed.yield($0) })
    client.send([1])
    let failure = try #require(await failures.first { _ in true })
    #expect(failure.isRefused)
    client.close()
  }

  @Test func anActorLivesOnTheLoop() async throws {
    actor Counter {
      let loop: DatagramLoop
      var count = 0
      init(loop: DatagramLoop) { self.loop = loop }
      nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
      nonisolated func tick() { assumeIsolated { $0.count += 1 } }
    }
    let loop = try DatagramLoop(name: "test")
    defer { loop.shutdown() }
    let counter = Counter(loop: loop)
    let (ticks, ticked) = AsyncStream<Void>.makeStream()
    loop.schedule(after: .milliseconds(1)) {
      counter.tick()
      ticked.yield()
    }
    _ = await ticks.first { _ in true }
    #expect(await counter.count == 1)
  }
}

@Suite struct TimerQueueTests {
  @Test func firesInTheOrderOfDeadlinesAndForgetsTheCancelled() {
    var queue = TimerQueue()
    let start = ContinuousClock.now
    let fired = Fired()
    var ids: [UInt64] = []
    for delay in [5, 1, 4, 2, 3] {
      ids.append(queue.add(at: start.advanced(by: .seconds(delay))) { fired.add(delay) })
    }
    queue.cancel(ids[2])
    #expect(queue.next == start.advanced(by: .seconds(1)))
    for job in queue.takeDue(at: start) { job() }
    #expect(fired.order == [])
    for job in queue.takeDue(at: start.advanced(by: .seconds(3))) { job() }
    #expect(fired.order == [1, 2, 3])
    #expect(queue.next == start.advanced(by: .seconds(5)))
    for job in queue.takeDue(at: start.advanced(by: .seconds(9))) { job() }
    #expect(fired.order == [1, 2, 3, 5])
    #expect(queue.next == nil)
  }
}

private final class Fired: Sendable {
  private let list = Mutex<[Int]>([])
  var order: [Int] { list.withLock { $0 } }
  func add(_ value: Int) { list.withLock { $0.append(value) } }
}
