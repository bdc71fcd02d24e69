/**
 * port.h - one port of a virtio console device: the bytes that came and those that go.
 *
 * Source: virtio 1.2, 5.3, with the feature of several ports. The driver serves the port
 * with the number 1, which is the first that QEMU's virtserialport takes, if it has the
 * name that the driver wants; it opens that one and leaves others closed.
 *
 * What comes stays in the buffers that the device filled until somebody reads it, and only
 * then the device gets the buffer back: a host that sends faster than is read waits.
 */
#ifndef VIRTIO_CONSOLE_PORT_H
#define VIRTIO_CONSOLE_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Claims the device and starts it. false: the log says why. */
bool port_start(void);

/** After VIRTIO_DRIVER_INTERRUPT: takes what the device is done with. */
void port_on_interrupt(void);

/** Has the host's side gone away after it was there? */
bool port_is_closed(void);

/** Bytes that can be read. */
size_t port_available(void);

/** Takes at most @p size bytes, in order; how many. */
size_t port_read(void *out_bytes, size_t size);

/** Queues at most @p size bytes for the host, in order; how many. */
size_t port_write(const void *bytes, size_t size);

/** Has the device taken all that was written? */
bool port_is_flushed(void);

#endif
