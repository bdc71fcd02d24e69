/**
 * vectors.h - which interrupt vector is whose (SDM volume 3, 6.2).
 *
 * Assembly includes it: constants only.
 */
#ifndef CORE_VECTORS_H
#define CORE_VECTORS_H

#define VECTOR_DEBUG            1
#define VECTOR_NMI              2
#define VECTOR_BREAKPOINT       3
#define VECTOR_OVERFLOW         4
#define VECTOR_INVALID_OPCODE   6
#define VECTOR_DEVICE_NOT_AVAIL 7
#define VECTOR_DOUBLE_FAULT     8
#define VECTOR_GENERAL_PROTECT  13
#define VECTOR_PAGE_FAULT       14
#define VECTOR_MACHINE_CHECK    18
#define VECTOR_EXCEPTIONS       32 /* 0 to 31 are exceptions */

#define VECTOR_8259        0x20 /* the masked 8259s; a spurious IRQ 7 or 15 comes here */
#define VECTOR_IRQ         0x30 /* interrupt line n comes at VECTOR_IRQ + n */
#define VECTOR_IRQ_LINES   0xb0 /* so many lines have a vector */
#define VECTOR_TIMER       0xe0 /* this CPU's one-shot timer */
#define VECTOR_IPI         0xe1 /* another CPU has left a message */
#define VECTOR_LAPIC_ERROR 0xfe
#define VECTOR_SPURIOUS    0xff /* no EOI */
#define VECTOR_COUNT       256

#endif
