/// Datagram: the filter as a program for the kernel.

import Wire

extension CaptureFilter {
  /// For frames with an Ethernet header. The kernel took one VLAN tag out of them already; a second
  /// and a third are looked for here.
  ///
  /// Linux 6.1 takes programs of 20,480 bytes (net.core.optmem_max) after their translation,
  /// which makes ten instructions of eight bytes out of a load from the frame and one or two out of
  /// every other: so each header is read by one piece of code, wherever it stands.
  package var program: FilterProgram {
    var program = FilterProgram(snapLength: UInt32(clamping: snapLength))
    let machines = machines.prefix(Self.mostMachines)
    if machines.isEmpty {
      boots(&program)
    } else {
      program.index(0)
      for start in [6, 0] { names(machines, indexed: start, &program) }
      passTags(&program)
      program.when(equal: 0x0800) { namesMachine(machines, &$0) }
    }
    program.refuse()
    return program
  }

  /// Where the IP header begins, or the ARP message; behind the index, as all below.
  private static let network = 14

  /// The index is the length of the tags, the accumulator the Ethernet type behind them.
  private func passTags(_ program: inout FilterProgram) {
    program.index(0)
    program.load(.half, at: 12)
    for length in [4, 8] {
      for tag in [0x8100, 0x88a8] as [UInt32] {
        program.when(equal: tag) { program in
          program.index(length)
          program.load(.half, indexed: 12)
        }
      }
    }
  }

  private func boots(_ program: inout FilterProgram) {
    passTags(&program)
    // IEEE 802.3 has a length there.
    program.refuse(ifBelow: 0x0600)
    program.accept(ifEqual: 0x0806)
    // Both leave the protocol in the accumulator, which is no Ethernet type.
    program.when(equal: 0x0800) { ipv4(&$0) }
    program.when(equal: 0x86dd) { ipv6(&$0) }
    transport(&program)
  }

  private func ipv4(_ program: inout FilterProgram) {
    program.load(.half, indexed: Self.network + 6)
    program.when(anyBitOf: 0x1fff) { program in
      program.load(.byte, indexed: Self.network + 9)
      program.accept(ifEqual: 17)
      program.refuse()
    }
    program.load(.byte, indexed: Self.network + 9)
    program.keep(in: .first)
    program.advanceByHeaderLength(indexed: Self.network)
    program.recall(.first)
    program.when(equal: 1) { program in
      program.load(.byte, indexed: Self.network)
      program.accept(ifAnyOf: [3, 5, 11, 12])
      program.refuse()
    }
  }

  private func ipv6(_ program: inout FilterProgram) {
    program.load(.byte, indexed: Self.network + 6)
    program.accept(ifEqual: 44)
    program.keep(in: .first)
    program.advance(40)
    program.recall(.first)
    program.when(equal: 58) { program in
      program.load(.byte, indexed: Self.network)
      // Errors; routers and neighbours.
      program.accept(ifAnyOf: [1, 2, 3, 4, 133, 134, 135, 136])
      program.refuse()
    }
  }

  /// The index is the length of the tags and the IP header, the accumulator the IP header's protocol.
  private func transport(_ program: inout FilterProgram) {
    let start = Self.network
    program.when(equal: 6) { program in
      for port in [0, 2] {
        program.load(.half, indexed: start + port)
        for tcpPort in tcpPorts {
          program.when(equal: UInt32(tcpPort)) { tcp(&$0) }
        }
      }
      program.refuse()
    }
    program.when(equal: 17) { program in
      for port in [0, 2] {
        program.load(.half, indexed: start + port)
        program.accept(ifAnyOf: udpPorts)
      }
      for port in [0, 2] {
        program.load(.half, indexed: start + port)
        program.refuse(ifBelow: 1024)
      }
      // DATA, ERROR, OACK; an ACK is four bytes long, and its datagram twelve.
      program.load(.half, indexed: start + 8)
      program.accept(ifAnyOf: [5, 6])
      if leavesOutBulk { program.refuse() }
      program.accept(ifEqual: 3)
      program.when(equal: 4) { program in
        program.load(.half, indexed: start + 4)
        program.accept(ifEqual: 12)
      }
      program.refuse()
    }
    program.refuse()
  }

  /// A segment of a port that is ours to hear. Heads are looked for behind a TCP header without options
  /// and behind one with timestamps; a load behind the frame's end refuses it.
  private func tcp(_ program: inout FilterProgram) {
    guard leavesOutBulk else { return program.accept() }
    program.load(.byte, indexed: Self.network + 13)
    // RST, SYN, FIN.
    program.when(anyBitOf: 0x07) { $0.accept() }
    for header in [20, 32] {
      program.load(.word, indexed: Self.network + header)
      for word in ["GET ", "HEAD", "POST", "HTTP"] {
        program.accept(ifEqual: word.utf8.reduce(0) { $0 << 8 | UInt32($1) })
      }
    }
    program.refuse()
  }

  /// DHCP messages with one of the machines in `chaddr`, 28 bytes behind the UDP header.
  private func namesMachine(
    _ machines: ArraySlice<MACAddress>, _ program: inout FilterProgram
  ) {
    program.load(.byte, indexed: Self.network + 9)
    program.when(equal: 17) { program in
      program.advanceByHeaderLength(indexed: Self.network)
      names(machines, indexed: Self.network + 8 + 28, &program)
    }
    program.refuse()
  }

  /// Whether the address that stands there is one of theirs.
  private func names(
    _ machines: ArraySlice<MACAddress>, indexed start: Int, _ program: inout FilterProgram
  ) {
    program.load(.half, indexed: start)
    program.keep(in: .second)
    program.load(.word, indexed: start + 2)
    program.keep(in: .first)
    for machine in machines {
      program.when(equal: UInt32(truncatingIfNeeded: machine.value)) { program in
        program.recall(.second)
        program.accept(ifEqual: UInt32(truncatingIfNeeded: machine.value >> 32))
        program.recall(.first)
      }
    }
  }
}
