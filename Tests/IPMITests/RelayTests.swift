/// IPMITests: whole operations over sockets and a bad network.

import BMCStub
import Datagram
import IPMI
import Testing
import Wire

/// Time passes here, so these are few; `WeatherTests` has the many.
@Suite(.serialized) struct RelayTests {
  private struct Tally {
    var right = 0
    var uncertain = 0
    var failed: [IPMIError] = []
  }

  /// `count` BMCs are each told to cycle; none may do it twice, whatever becomes of the datagrams.
  private func cycle(
    _ count: Int, delay: Duration = .zero, _ weather: Weather
  ) async throws -> Tally {
    let loop = try DatagramLoop(name: "ipmi-relay")
    defer { loop.shutdown() }
    let relay = DatagramRelay(on: loop, delay: delay, weather: weather)
    let client = IPMIClient(loop: loop, login: try .test())
    let servers = try (0..<count).map { _ in try StubBMCServer(on: loop, StubBMC()) }
    let doors = try servers.map { BMCAddress(try relay.door(to: $0.endpoint)) }
    let results = await withTaskGroup(of: (Int, IPMIError?).self) { group in
      for index in 0..<count {
        group.addTask {
          do throws(IPMIError) {
            _ = try await client.withSession(
              to: doors[index], limit: .seconds(60), privilege: .operator
            ) { session async throws(IPMIError) in
              try await session.power(.cycle, verify: .seconds(20))
            }
            return (index, nil)
          } catch {
            return (index, error)
          }
        }
      }
      return await group.reduce(into: [Int: IPMIError?]()) { $0[$1.0] = $1.1 }
    }
    var tally = Tally()
    for (index, error) in results {
      let cycles = servers[index].bmc.actions.count
      switch error {
      case nil:
        #expect(cycles == 1)
        tally.right += 1
      case .uncertain, .noEffect:
        #expect(cycles <= 1)
        tally.uncertain += 1
      case let error?:
        #expect(cycles <= 1)
        tally.failed.append(error)
      }
    }
    relay.close()
    for server in servers { server.close() }
    return tally
  }

  @Test func aGoodNetwork() async throws {
    let tally = try await cycle(20, Weather())
    #expect(tally.right == 20)
  }

  @Test func fivePercentLostEachWay() async throws {
    let tally = try await cycle(40, Weather(loss: 5, seed: 11))
    #expect(tally.failed.isEmpty)
    // A lost answer to the one datagram that is never repeated leaves no more than doubt.
    #expect(tally.right >= 30)
  }

  @Test func twentyPercentLostEachWay() async throws {
    let tally = try await cycle(20, Weather(loss: 20, seed: 12))
    for error in tally.failed {
      switch error {
      case .noAnswer, .silentLogin, .unanswered, .timeLimit: break
      default: Issue.record("\(error)")
      }
    }
    #expect(tally.right + tally.uncertain + tally.failed.count == 20)
  }

  @Test func doublesAndOvertaking() async throws {
    let tally = try await cycle(20, delay: .milliseconds(5), Weather(percent: 15, seed: 13))
    #expect(tally.right + tally.uncertain >= 18)
  }

  /// Half a second each way: slow, but nothing is wrong, and nothing may be taken for lost for ever.
  @Test func halfASecondEachWay() async throws {
    let tally = try await cycle(5, delay: .milliseconds(500), Weather())
    #expect(tally.right == 5)
  }
}
