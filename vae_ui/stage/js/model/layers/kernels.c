// The layers of javascript_backend.js for WebAssembly with SIMD, four numbers at once. That file says what each of them computes; here
// the weights of a convolution lie in blocks of eight rows, so that the sums of a block stay in registers.
//
// `make kernels` compiles this file to compiled.js. All memory comes from JavaScript (memory.js): nothing is allocated here, and each
// buffer that is written has room for eight more numbers behind its end.

#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
#define ONCE __attribute__((noinline))  // in the module once: see MOST in tools/kernels.py

// As wasm_backend.js writes it. `rows` and `factors` are room for what a linear layer adds up; a label's rows, times 1, come first there.
typedef struct {
  const float *weights, *bias;
  float *columns, *out, *factors;
  const float **rows;
  int inputs, outputs, height, width, to_height, to_width, kernel, stride, padding, planar, activation;
} Layer;

enum { NONE, RELU, TANH, SILU };

typedef float f32x4 __attribute__((vector_size(16)));

static int smaller(int a, int b) { return a < b ? a : b; }
static int larger(int a, int b) { return a > b ? a : b; }
static f32x4 all(float x) { return (f32x4)wasm_f32x4_splat(x); }
static f32x4 load(const float *from) { return (f32x4)wasm_v128_load(from); }
static void store(float *to, f32x4 x) { wasm_v128_store(to, (v128_t)x); }

// e^x, a relative error below 2e-7; x is kept where e^x is a normal number, and NaN stays NaN. x = n ln 2 + r, and the polynomial in r
// is that of expf in Cephes (Moshier, netlib.org/cephes).
ONCE static f32x4 exponential(f32x4 x) {
  x = (f32x4)wasm_f32x4_min(wasm_f32x4_max((v128_t)x, (v128_t)all(-87.3f)), (v128_t)all(88.3f));
  const f32x4 n = (f32x4)wasm_f32x4_nearest((v128_t)(x * all(1.44269504f)));
  const f32x4 r = x - n * all(0.693359375f) + n * all(2.12194440e-4f);
  f32x4 p = all(1.9875691500e-4f);
  p = p * r + all(1.3981999507e-3f);
  p = p * r + all(8.3334519073e-3f);
  p = p * r + all(4.1665795894e-2f);
  p = p * r + all(1.6666665459e-1f);
  p = p * r + all(5.0000001201e-1f);
  const v128_t power = wasm_i32x4_shl(wasm_i32x4_add(wasm_i32x4_trunc_sat_f32x4((v128_t)n), wasm_i32x4_splat(127)), 23);
  return (p * r * r + r + all(1)) * (f32x4)power;
}

// tanh x, a relative error below 4e-7: near 0 the polynomial of tanhf in Cephes, else 1 - 2 / (e^2|x| + 1).
static f32x4 hyperbolic_tangent(f32x4 x) {
  const f32x4 size = (f32x4)wasm_f32x4_abs((v128_t)x), square = x * x;
  f32x4 p = all(-5.70498872745e-3f);
  p = p * square + all(2.06390887954e-2f);
  p = p * square + all(-5.37397155531e-2f);
  p = p * square + all(1.33314422036e-1f);
  p = p * square + all(-3.33332819422e-1f);
  const f32x4 near = p * square * x + x, far = all(1) - all(2) / (exponential(size + size) + all(1));
  const v128_t signed_far = wasm_v128_or((v128_t)far, wasm_v128_and((v128_t)x, wasm_i32x4_splat(1 << 31)));
  return (f32x4)wasm_v128_bitselect((v128_t)near, signed_far, wasm_f32x4_lt((v128_t)size, (v128_t)all(0.625f)));
}

static f32x4 activated(f32x4 x, int activation) {
  if (activation == RELU) return (f32x4)wasm_f32x4_max((v128_t)x, (v128_t)all(0));
  if (activation == TANH) return hyperbolic_tangent(x);
  return x / (all(1) + exponential(-x));
}

ONCE EXPORT(activate) void activate(float *values, int count, int activation) {
  if (activation == NONE) return;
  for (int i = 0; i < count; i += 4) store(values + i, activated(load(values + i), activation));
}

ONCE static void copy(float *to, const float *from, int count) {
  int i = 0;
  for (; i + 3 < count; i += 4) store(to + i, load(from + i));
  for (; i < count; i++) to[i] = from[i];
}

ONCE static void add(float *to, const float *from, int count) {
  int i = 0;
  for (; i + 3 < count; i += 4) store(to + i, load(to + i) + load(from + i));
  for (; i < count; i++) to[i] += from[i];
}

// out += four rows, each times its factor: out is then read once for four.
static void add_rows(float *out, int count, const float **rows, const float *factors) {
  const float *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3];
  const f32x4 fa = all(factors[0]), fb = all(factors[1]), fc = all(factors[2]), fd = all(factors[3]);
  int i = 0;
  for (; i + 3 < count; i += 4) store(out + i, load(out + i) + fa * load(a + i) + fb * load(b + i) + fc * load(c + i) + fd * load(d + i));
  for (; i < count; i++) out[i] += factors[0] * a[i] + factors[1] * b[i] + factors[2] * c[i] + factors[3] * d[i];
}

// y = x W + b and the rows of the labels; a row whose input is 0 is skipped.
EXPORT(linear) void linear(const Layer *layer, const float *x, int labels) {
  const int inputs = layer->inputs, outputs = layer->outputs;
  const float **rows = layer->rows, *row = layer->weights;
  float *factors = layer->factors, *out = layer->out;
  int count = labels;
  for (int i = 0; i < inputs; i++, row += outputs) {
    rows[count] = row;
    factors[count] = x[i];
    count += x[i] != 0;
  }
  for (int i = count; i & 3; i++) {
    rows[i] = layer->bias;
    factors[i] = 0;
  }
  copy(out, layer->bias, outputs);
  for (int n = 0; n < count; n += 4) add_rows(out, outputs, rows + n, factors + n);
  activate(out, outputs, layer->activation);
}

// out[p][m] = bias[m] + the sum over k of rows[m][k] x[p][k], for eight m and four p at a time; `packed` has the rows of each eight side
// by side. The last block goes back over earlier rows, the last places are the same one: equal numbers are written twice. Where there are
// fewer than eight rows, what is written behind them is overwritten by the next place.
ONCE static void product(const float *packed, const float *bias, const float *x, float *out, int outputs, int depth, int places) {
  for (int block = 0; block < outputs; block += 8, packed += 8 * depth) {
    const int m = larger(0, smaller(block, outputs - 8));
    const f32x4 low = bias ? load(bias + m) : all(0), high = bias ? load(bias + m + 4) : all(0);
    for (int p = 0; p < places; p += 4) {
      const int p1 = smaller(p + 1, places - 1), p2 = smaller(p + 2, places - 1), p3 = smaller(p + 3, places - 1);
      const float *x0 = x + p * depth, *x1 = x + p1 * depth, *x2 = x + p2 * depth, *x3 = x + p3 * depth, *w = packed;
      f32x4 a0 = low, a1 = low, a2 = low, a3 = low, b0 = high, b1 = high, b2 = high, b3 = high;
      for (int k = 0; k < depth; k++, w += 8) {
        const f32x4 u = load(w), v = load(w + 4);
        f32x4 each = all(x0[k]);
        a0 += u * each; b0 += v * each;
        each = all(x1[k]);
        a1 += u * each; b1 += v * each;
        each = all(x2[k]);
        a2 += u * each; b2 += v * each;
        each = all(x3[k]);
        a3 += u * each; b3 += v * each;
      }
      float *to = out + m;
      store(to + p * outputs, a0); store(to + p * outputs + 4, b0);
      store(to + p1 * outputs, a1); store(to + p1 * outputs + 4, b1);
      store(to + p2 * outputs, a2); store(to + p2 * outputs + 4, b2);
      store(to + p3 * outputs, a3); store(to + p3 * outputs + 4, b3);
    }
  }
}

// Each place (v, u) of the smaller grid, at each row j of the kernel, meets some pixels of the larger one, `wide`: they are copied to
// `columns`, where a place has a row of numbers, or what lies in `columns` is added to them.
ONCE static void meet(const Layer *layer, float *wide, int channels, int rows, int row, int height, int width, int adding) {
  const int kernel = layer->kernel, size = height * width;
  float *column = layer->columns;
  for (int v = 0; v < rows; v++) for (int u = 0; u < row; u++) for (int j = 0; j < kernel; j++, column += kernel * channels) {
    const int y = v * layer->stride - layer->padding + j, left = u * layer->stride - layer->padding;
    const int first = larger(0, -left), count = (smaller(kernel, width - left) - first) * channels;
    if (y < 0 || y >= height) continue;
    float *from = wide + (y * width + left + first) * (layer->planar ? 1 : channels), *to = column + first * channels;
    if (!layer->planar) {
      if (adding) add(from, to, count); else copy(to, from, count);
    } else for (int c = 0; c < channels; c++) for (int i = c, p = c * size; i < count; i += channels, p++) {
      if (adding) from[p] += to[i]; else to[i] = from[p];
    }
  }
}

EXPORT(convolution) void convolution(const Layer *layer, float *x) {
  const int inputs = layer->inputs, places = layer->to_height * layer->to_width, depth = layer->kernel * layer->kernel * inputs;
  for (int i = 0; i < places * depth; i += 4) store(layer->columns + i, all(0));
  meet(layer, x, inputs, layer->to_height, layer->to_width, layer->height, layer->width, 0);
  product(layer->weights, layer->bias, layer->columns, layer->out, layer->outputs, depth, places);
  activate(layer->out, places * layer->outputs, layer->activation);
}

EXPORT(transposed) void transposed(const Layer *layer, const float *x) {
  const int outputs = layer->outputs, size = layer->to_height * layer->to_width, planar = layer->planar;
  product(layer->weights, 0, x, layer->columns, layer->kernel * layer->kernel * outputs, layer->inputs, layer->height * layer->width);
  for (int p = 0; p < size; p++) for (int c = 0; c < outputs; c++) layer->out[planar ? p + c * size : p * outputs + c] = layer->bias[c];
  meet(layer, layer->out, outputs, layer->height, layer->width, layer->to_height, layer->to_width, 1);
  activate(layer->out, size * outputs, layer->activation);
}
