/// Datagram: tells when interfaces or their addresses change.

import CSockets
import Glibc
import Synchronization

/// Looks at this machine's interfaces again whenever the kernel says that one of them came, went, or
/// changed, and tells what there is now. The kernel's messages themselves are not read: they are
/// lost in a burst, the list is not.
package final class InterfaceWatch: Sendable {
  private let loop: DatagramLoop
  private let state: Mutex<State>
  private let changed: @Sendable ([NetworkInterface]) -> Void

  private struct State {
    var descriptor: Int32
    var isWaiting = false
    var latest: [NetworkInterface]
  }

  /// An address comes with three or four messages; one look for all of them.
  private static let settling = Duration.milliseconds(50)

  /// `latest` is what the caller knows already. `changed` runs on the loop's thread, with every
  /// interface of the namespace in which this was made.
  package init(
    on loop: DatagramLoop, latest: [NetworkInterface],
    changed: @escaping @Sendable ([NetworkInterface]) -> Void
  ) throws(SocketError) {
    let fd = fino_link_watch_open()
    guard fd >= 0 else { throw SocketError("watch the network interfaces", code: -fd) }
    self.loop = loop
    self.changed = changed
    state = Mutex(State(descriptor: fd, latest: latest))
    do throws(SocketError) {
      try loop.add(fd) { [weak self] batch in
        // An error says that messages were lost: a reason to look, too.
        _ = try? batch.receive(from: fd)
        self?.lookSoon()
      }
    } catch {
      Glibc.close(fd)
      throw error
    }
    // What changed between the caller's list and this socket.
    lookSoon()
  }

  private func lookSoon() {
    let isFirst = state.withLock { state in
      defer { state.isWaiting = true }
      return !state.isWaiting && state.descriptor >= 0
    }
    guard isFirst else { return }
    loop.schedule(after: Self.settling) { [weak self] in self?.look() }
  }

  private func look() {
    state.withLock { $0.isWaiting = false }
    guard let now = try? NetworkInterface.all() else { return lookSoon() }
    let isNews = state.withLock { state in
      guard state.descriptor >= 0, state.latest != now else { return false }
      state.latest = now
      return true
    }
    if isNews { changed(now) }
  }

  package func close() {
    let fd = state.withLock { state in
      defer { state.descriptor = -1 }
      return state.descriptor
    }
    if fd >= 0 { loop.close(fd) }
  }

  deinit {
    close()
  }
}
