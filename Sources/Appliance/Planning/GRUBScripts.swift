/// Appliance: GRUB's configuration over TFTP, made for the machine that asks.

package import HTTPBoot
import Synchronization
package import Wire

package final class GRUBScripts: Sendable {
  package typealias Decide = @Sendable (ScriptRequest) async throws -> IPXEScript

  private let decide: Decide
  private let httpPort: Int
  private let transport: GRUBScript.Transport
  private let desk = Mutex(GRUBScriptDesk())
  private let start = ContinuousClock.now

  /// `transport` is how the GRUB that is given out fetches the rest.
  package init(httpPort: Int, transport: GRUBScript.Transport, decide: @escaping Decide) {
    self.httpPort = httpPort
    self.transport = transport
    self.decide = decide
  }

  /// The text for `grub.cfg`; never waits.
  package func text(for mac: MACAddress, at client: IPAddress, asking server: IPAddress)
    -> String
  {
    switch desk.withLock({ $0.ask(mac, at: now) }) {
    case .begin:
      begin(mac, client, server)
      return GRUBScript.wait(mac, at: server)
    case .wait: return GRUBScript.wait(mac, at: server)
    case .script(let text): return text
    case .refusal(let reason): return GRUBScript.refusal(reason, mac, at: server)
    }
  }

  /// GRUB has been loaded and will ask: some milliseconds later there is an answer.
  package func expect(_ mac: MACAddress, at client: IPAddress, asking server: IPAddress) {
    guard desk.withLock({ $0.ask(mac, at: now) }) == .begin else { return }
    begin(mac, client, server)
  }

  private func begin(_ mac: MACAddress, _ client: IPAddress, _ server: IPAddress) {
    let root = ServerRoot(address: server, port: httpPort).url
    Task { [self] in
      let result: Result<String, GRUBScriptDesk.Failure>
      do {
        let decision = try await decide(ScriptRequest(mac: mac, client: client, root: root))
        result = .success(
          GRUBScript(decision, root: root, server: server, transport: transport).text)
      } catch {
        result = .failure(GRUBScriptDesk.Failure(reason: String(describing: error)))
      }
      desk.withLock { $0.finish(mac, result, at: now) }
    }
  }

  private var now: Double {
    let passed = start.duration(to: .now).components
    return Double(passed.seconds) + Double(passed.attoseconds) / 1e18
  }
}
