/**
 * forms_float.h - operands and results of the float class. T is float or double; registers
 * are whole vectors whose lane 0 counts, the other lanes hold anything.
 */
#ifndef WASM_INTERP_FORMS_FLOAT_H
#define WASM_INTERP_FORMS_FLOAT_H

#include "forms.h"

typedef float interp_floats __attribute__((vector_size(16)));
typedef interp_vector interp_doubles;

/* The vector type whose lane 0 is a T, and a vector with only that lane. */
#define VECTOR_OF(T)     VECTOR_##T
#define VECTOR_float     interp_floats
#define VECTOR_double    interp_doubles
#define FLOAT_LANE(T, v) ((VECTOR_##T){(v)})

#define FLOAT_A_a(T)    ((VECTOR_##T)facc)
#define FLOAT_A_x(T)    ((VECTOR_##T)fx)
#define FLOAT_A_y(T)    ((VECTOR_##T)fy)
#define FLOAT_A_s(T)    FLOAT_LANE(T, *(const T *)&frame[pc->a])
#define FLOAT_B_a(T)    (((VECTOR_##T)facc)[0])
#define FLOAT_B_x(T)    (((VECTOR_##T)fx)[0])
#define FLOAT_B_y(T)    (((VECTOR_##T)fy)[0])
#define FLOAT_B_s(T)    (*(const T *)&frame[pc->b])
#define FLOAT_B_i(T)    (*(const T *)pc->more)
#define FLOAT_D_a(T, v) (facc = (interp_vector)(v))
#define FLOAT_D_x(T, v) (fx = (interp_vector)(v))
#define FLOAT_D_y(T, v) (fy = (interp_vector)(v))
#define FLOAT_D_s(T, v) (facc = (interp_vector)(v), *(T *)&frame[pc->d] = (v)[0])

/* Size of an operation with operand B: an immediate stands behind. */
#define FLOAT_SIZE_a 16
#define FLOAT_SIZE_x 16
#define FLOAT_SIZE_y 16
#define FLOAT_SIZE_s 16
#define FLOAT_SIZE_i 24

#endif
