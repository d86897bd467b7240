/// CLoad: one client of TFTP, without its socket: datagram in, datagram out.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// RFC 1350 §5.
enum { TFTP_RRQ = 1, TFTP_DATA = 3, TFTP_ACK = 4, TFTP_ERROR = 5, TFTP_OACK = 6 };

/// The longest datagram that a client sends.
enum { TRANSFER_MAXIMUM = 512 };

/// What is fetched, and what it must be.
struct transfer_file {
  const char *name;
  const uint8_t *content;
  uint64_t size;
  /// RFC 2348, RFC 7440; 0: not asked for.
  uint16_t blksize;
  uint16_t windowsize;
};

enum transfer_state { TRANSFER_IDLE, TRANSFER_ASKED, TRANSFER_RUNNING };

struct transfer {
  /// Blocks that came in order; a block's number is its low 16 bits.
  uint32_t block;
  uint16_t blksize;
  uint16_t window;
  uint16_t unacknowledged;
  uint8_t state;
  /// A gap is told once (RFC 7440 §4).
  uint8_t gap;
};

enum transfer_outcome {
  /// Nothing new, nothing to send.
  TRANSFER_USELESS,
  /// It went on, and there is nothing to send.
  TRANSFER_WENT_ON,
  /// It went on, and the answer is to be sent.
  TRANSFER_ANSWER,
  /// It did not go on, and the answer is to be sent: the other side missed it, or we did.
  TRANSFER_REPEAT,
  /// All is there, as it should be; the answer is to be sent.
  TRANSFER_WHOLE,
  /// The server says no.
  TRANSFER_REFUSED,
  /// Other bytes than the file's, or another length.
  TRANSFER_WRONG,
};

/// Starts, and answers the length of the request.
size_t transfer_start(struct transfer *transfer, const struct transfer_file *file, uint8_t *to);

/// Takes a datagram of the server; an answer is written to `to`.
int transfer_receive(struct transfer *transfer, const struct transfer_file *file,
                     const uint8_t *datagram, size_t length, uint8_t *to, size_t *answer);

/// What is sent again when nothing comes.
size_t transfer_repeat(const struct transfer *transfer, const struct transfer_file *file,
                       uint8_t *to);
