/**
 * control.h - the control queues of a virtio console device with several ports: which ports
 * there are, what they are called, whether the other side is there.
 *
 * Source: virtio 1.2, 5.3.6.2.
 */
#ifndef VIRTIO_CONSOLE_CONTROL_H
#define VIRTIO_CONSOLE_CONTROL_H

#include "libdriver/virtio_driver.h"

enum { CONTROL_PORT = 1 };

#define CONTROL_FEATURE_PORTS (UINT64_C(1) << 1)

/** Makes the two control queues in @p rings from @p offset on, and their buffers. */
bool control_start(struct virtio_driver *driver, const struct virtio_memory *rings,
                   uint32_t offset);

/** The device is live: says that the driver is ready for ports. */
void control_ready(struct virtio_driver *driver);

/** Takes the device's messages and answers them. */
void control_on_interrupt(struct virtio_driver *driver);

/** Has the port's other side gone away after it was there? */
bool control_is_closed(void);

#endif
