/// Appliance: everything put together. The one place where the rooms meet.

import BootDoctor
import CSockets
import ControlAPI
import Datagram
import Foundation
import HTTPBoot
import Hummingbird
import Images
import Inventory
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import TFTP
import UnixSignals

/// A PXE appliance that is ready to run. Making one opens the state; `run` binds the ports.
package struct Appliance: Sendable {
  let settings: Settings
  let interfaces: [NetworkInterface]
  let inventory: Inventory
  private let images: ImageLibrary
  let story: Storyteller
  private let counters = Counters()
  let identities = MachineIdentities()
  let addresses = MachineAddresses()
  let rules: LoaderRules
  let loaders: BootLoaders
  let signed: SecureBootFiles?
  let watch: LoaderWatch
  let loop: DatagramLoop
  private let consoleLoop: DatagramLoop
  private let power: PowerControl
  private let consoles: ConsoleRecorder
  /// nil where the configuration says «off».
  private let recorder: BootRecorder?
  let logger: Logger
  private let log: LogRing

  /// How long transfers that are under way may go on after SIGTERM or SIGINT.
  static let grace = Duration.seconds(5)

  package static let version = "0.1.0"

  package init(_ settings: Settings, logger: Logger, log: LogRing) throws {
    self.settings = settings
    self.logger = logger
    self.log = log
    interfaces = try ServedInterfaces.choose(settings.interfaces, from: NetworkInterface.all())
    do {
      try FileManager.default.createDirectory(
        atPath: settings.images, withIntermediateDirectories: true)
    } catch {
      throw ApplianceError.cannotPrepare(
        "the images directory \(settings.images) is not there and cannot be made; "
          + "give another one with --images")
    }
    images = ImageLibrary(root: settings.images)
    inventory = try Inventory.open(
      state: settings.state,
      settings: InventorySettings(
        lease: settings.reimage.lease, timeLimit: settings.reimage.timeLimit))
    loop = try DatagramLoop(name: "fino-udp")
    recorder =
      settings.captureRing == 0
      ? nil
      : try BootRecorder(
        size: settings.captureRing, interfaces: interfaces, httpPort: settings.httpPort,
        logger: logger)
    power = PowerControl(loop: loop, logger: logger, settings: settings)
    story = Storyteller(
      journal: inventory.boots, counters: counters,
      isKnown: inventory.knows(_:_:), machine: addresses.machine(at:))
    // What machines write while they boot must not keep others from their answers.
    consoleLoop = try DatagramLoop(name: "fino-consoles")
    consoles = ConsoleRecorder(
      loop: consoleLoop, journal: inventory.boots, story: story, limit: settings.reimage.recordTime)
    do {
      signed = settings.secureBoot ? try SecureBootFiles() : nil
      rules = try LoaderRules(
        settings.loaders,
        signed: signed?.programs ?? [])
    } catch {
      throw ApplianceError.cannotPrepare("\(error)")
    }
    loaders = BootLoaders(directory: settings.tftpDirectory, signed: signed?.files ?? [:])
    for problem in loaders.problems(with: rules) { logger.warning("\(problem)") }
    watch = LoaderWatch(
      addresses: addresses,
      programs: rules.files.map(\.text) + (signed.map { Array($0.files.keys) } ?? []))
  }

  /// Serves until SIGTERM, SIGINT or cancellation, or until a service fails. `ready` is called once
  /// every port is bound.
  package func run(ready: @escaping @Sendable (ReadyNotice) -> Void) async throws {
    defer {
      loop.shutdown()
      consoleLoop.shutdown()
    }
    Descriptors.raiseLimit()
    let network = makeNetwork()
    let interfaceWatch = try await network.listen(on: interfaces)
    defer { interfaceWatch.close() }
    recorder?.start()
    defer { recorder?.stop() }
    // Threads of their own: a large file must not make DHCP wait.
    let threads = MultiThreadedEventLoopGroup(numberOfThreads: Machine.processors)
    let mirrors = try await openMirrors(threads)
    let notice = ReadyNotice(
      settings: settings, interfaces: interfaces, locations: images.locations())
    let group = ServiceGroup(
      configuration: configuration([
        NamedService("ProxyDHCP") {
          try await gracefulShutdown()
          await network.stop()
        },
        NamedService("TFTP") {
          try await cancelWhenGracefulShutdown { try await network.tftp.run() }
        },
        NamedService("HTTP") { try await serveHTTP(threads, mirrors) { ready(notice) } },
        NamedService("job keeper") { await keepJobs() },
        NamedService("boot doctor") { await watchBoots() },
        NamedService("console recorder") {
          await cancelWhenGracefulShutdown { await consoles.run() }
        },
      ]))
    // Written to the very end, also while the services stop.
    let log = Task { [inventory, counters, logger] in
      await StoryLog(journal: inventory.boots, counters: counters, logger: logger).run()
    }
    var failure: (any Error)?
    do {
      try await group.run()
    } catch let error as ServiceFailure {
      failure = error.error
    } catch {
      failure = error
    }
    await inventory.close()
    await mirrors.shutdown()
    await log.value
    if let failure { throw failure }
  }

  private func configuration(_ services: [NamedService]) -> ServiceGroupConfiguration {
    var configuration = ServiceGroupConfiguration(
      services: services.map { .init(service: $0, successTerminationBehavior: .ignore) },
      gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
    configuration.maximumGracefulShutdownDuration = Self.grace
    configuration.maximumCancellationDuration = Self.grace
    return configuration
  }

  /// Libraries tell of each connection; only their warnings matter to an operator.
  var quiet: Logger {
    var quiet = logger
    quiet.logLevel = .warning
    return quiet
  }

  var scripts: BootScripts {
    BootScripts(
      jobs: inventory.jobs, catalogue: inventory.catalogue, identities: identities,
      unknown: settings.unknown, story: story)
  }

  /// Seconds; for what only measures distances.
  static var now: Double { Date().timeIntervalSince1970 }

  // MARK: HTTP

  private func serveHTTP(
    _ threads: MultiThreadedEventLoopGroup, _ mirrors: RemoteImages,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let router = Router(context: BootRequestContext.self)
    router.add(middleware: FailureAnswers(logger: logger))
    let scripts = scripts
    let hosts = HostBooting(catalogue: inventory.catalogue, images: mirrors, story: story)
    let source = BootSource(
      script: { [story, watch] request in
        story.tell(watch.runs(request.mac, at: Self.now))
        return try await scripts.script(for: request)
      },
      scriptAtOnce: { [story, watch] request in
        guard scripts.goesToDisk(request.mac) else { return nil }
        story.tell(watch.runs(request.mac, at: Self.now))
        return scripts.scriptToDisk(for: request)
      },
      loader: loaders.loader(named:), machine: addresses.machine(at:), images: images,
      report: scripts.note(_:))
    BootRoutes(source).add(to: router)
    HostRoutes(hosts.source, report: scripts.note(_:)).add(to: router)
    ControlRoutes(control).add(to: router)
    BergenholmRoutes(
      catalogue: inventory.catalogue,
      power: HostPowering(
        catalogue: inventory.catalogue, control: power, consoles: consoleWish
      ).api
    ).add(to: router)
    OtherMethods.add(to: router)
    let server = Application(
      router: router,
      server: BootServer.http1(source, limits: settings.httpLimits, logger: logger),
      configuration: .init(
        // Both versions of IP; an IPv4 peer is `::ffff:10.0.0.7` there.
        address: .hostname(Self.hasIPv6 ? "::" : "0.0.0.0", port: settings.httpPort),
        serverName: "fino"),
      onServerRunning: { _ in
        ready()
        fino_forget_code_pages()
      },
      eventLoopGroupProvider: .shared(threads),
      logger: quiet)
    do {
      try await server.run()
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw ApplianceError.portTaken(
        port: settings.httpPort, transport: .tcp, owner: PortOwner(of: settings.httpPort, .tcp))
    } catch let error as IOError where error.errnoCode == EACCES {
      throw ApplianceError.portForbidden(port: settings.httpPort)
    }
  }

  /// Whether an interface other than loopback has an IPv6 address: without one the C library does not
  /// take `::` for an address (AI_ADDRCONFIG, RFC 3493 §6.1).
  ///
  /// An address that is still looked for twice counts there, unlike for our own sockets.
  private static var hasIPv6: Bool {
    let lines = (try? String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8)) ?? ""
    return lines.split(separator: "\n").contains { $0.split(separator: " ").last != "lo" }
  }

  /// A cache that can't be used is no reason not to boot anybody: then every image is streamed.
  private func openMirrors(_ threads: MultiThreadedEventLoopGroup) async throws -> RemoteImages {
    let cache = settings.imageCache
    try? FileManager.default.createDirectory(
      atPath: cache.directory, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    do throws(ImageCache.Unusable) {
      return try await RemoteImages(
        group: threads, cache: .init(directory: cache.directory, size: cache.size))
    } catch {
      logger.warning("\(error); images of mirrors are streamed each time")
      return try await RemoteImages(group: threads)
    }
  }

  private var consoleWish: ConsoleWish {
    ConsoleWish(
      recorder: consoles, catalogue: inventory.catalogue, power: power, story: story,
      isDefault: settings.reimage.recordsConsole)
  }

  private var control: ControlSource {
    var source = ControlSource(
      inventory: inventory, cycle: power.cycle(_:), problemWithBMC: power.problem(with:),
      problemWithLocation: images.problem(withLocation:), locations: images.locations,
      configuration: { settings.summary }, log: { log.latest }, counts: { counters.all })
    let wish = consoleWish
    source.powered = { if let request = wish.request(for: $0) { wish.recorder.record(request) } }
    source.console = { wish.recorder.text(of: $0) }
    if let recorder {
      let diagnosis = BootDiagnosis(recorder)
      source.capture = { recorder.capture(of: $0, from: $1, to: $2) }
      source.explanation = { diagnosis.explanation(of: $0, from: $1, to: $2)?.text }
    }
    return source
  }

  // MARK: Jobs

  /// Writes each step of a story to the packet that it is about, and tells the doctor's verdicts.
  private func watchBoots() async {
    guard let recorder else { return }
    let scripts = scripts
    let diagnosis = BootDiagnosis(
      recorder,
      .init(
        isIgnored: { [inventory, settings] in
          settings.unknown == .silent && !inventory.knows($0, nil)
        },
        goesToDisk: { [signed] in signed != nil && scripts.goesToDisk($0) }))
    await cancelWhenGracefulShutdown {
      await withTaskGroup { group in
        group.addTask {
          for await event in inventory.boots.events(buffer: 1000) { recorder.note(event) }
        }
        group.addTask {
          while (try? await Task.sleep(for: .seconds(10))) != nil {
            for found in diagnosis.pass(at: Date()) { story.tell(found) }
          }
        }
        await group.next()
        group.cancelAll()
      }
    }
  }

  /// Ends leases and jobs whose time is over, for the record's sake, and looks for records that
  /// another process wrote (`fino import`).
  private func keepJobs() async {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await inventory.jobs.pass(to: Date())
        for _ in 0..<10 where !Task.isCancelled {
          for finding in watch.pass(to: Self.now) { story.tell(finding) }
          await inventory.noticeOtherWriters()
          try? await Task.sleep(for: .milliseconds(1500))
        }
      }
    }
  }
}
