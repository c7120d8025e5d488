;; The dot products of many vectors with four others. `dot-products.ts` has this as bytes, and says what lies where.
(module
  (memory (export "memory") 1)
  ;; Addresses and lengths are in bytes. $vector: the first of an even number of vectors that follow each other.
  ;; $end: where they end. $others: four vectors that follow each other. $length: of a vector, a multiple of 16.
  ;; $products: four 32-bit floats for each vector are written there.
  (func (export "multiply")
    (param $vector i32) (param $end i32) (param $others i32) (param $length i32) (param $products i32)
    (local $at i32) (local $other i32)
    (local $x v128) (local $y v128) (local $four v128)
    ;; Sums of the products of $x and of $y with each of the others, in four parts.
    (local $x0 v128) (local $x1 v128) (local $x2 v128) (local $x3 v128)
    (local $y0 v128) (local $y1 v128) (local $y2 v128) (local $y3 v128)
    (loop $vectors
      (local.set $at (i32.const 0))
      (local.set $x0 (v128.const f32x4 0 0 0 0))
      (local.set $x1 (v128.const f32x4 0 0 0 0))
      (local.set $x2 (v128.const f32x4 0 0 0 0))
      (local.set $x3 (v128.const f32x4 0 0 0 0))
      (local.set $y0 (v128.const f32x4 0 0 0 0))
      (local.set $y1 (v128.const f32x4 0 0 0 0))
      (local.set $y2 (v128.const f32x4 0 0 0 0))
      (local.set $y3 (v128.const f32x4 0 0 0 0))
      (loop $numbers
        (local.set $x (v128.load (i32.add (local.get $vector) (local.get $at))))
        (local.set $y
          (v128.load (i32.add (i32.add (local.get $vector) (local.get $length)) (local.get $at))))
        (local.set $four (v128.load (local.tee $other (i32.add (local.get $others) (local.get $at)))))
        (local.set $x0 (f32x4.add (local.get $x0) (f32x4.mul (local.get $x) (local.get $four))))
        (local.set $y0 (f32x4.add (local.get $y0) (f32x4.mul (local.get $y) (local.get $four))))
        (local.set $four (v128.load (local.tee $other (i32.add (local.get $other) (local.get $length)))))
        (local.set $x1 (f32x4.add (local.get $x1) (f32x4.mul (local.get $x) (local.get $four))))
        (local.set $y1 (f32x4.add (local.get $y1) (f32x4.mul (local.get $y) (local.get $four))))
        (local.set $four (v128.load (local.tee $other (i32.add (local.get $other) (local.get $length)))))
        (local.set $x2 (f32x4.add (local.get $x2) (f32x4.mul (local.get $x) (local.get $four))))
        (local.set $y2 (f32x4.add (local.get $y2) (f32x4.mul (local.get $y) (local.get $four))))
        (local.set $four (v128.load (i32.add (local.get $other) (local.get $length))))
        (local.set $x3 (f32x4.add (local.get $x3) (f32x4.mul (local.get $x) (local.get $four))))
        (local.set $y3 (f32x4.add (local.get $y3) (f32x4.mul (local.get $y) (local.get $four))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $numbers (i32.lt_u (local.get $at) (local.get $length))))
      (v128.store (local.get $products)
        (call $sums (local.get $x0) (local.get $x1) (local.get $x2) (local.get $x3)))
      (v128.store offset=16 (local.get $products)
        (call $sums (local.get $y0) (local.get $y1) (local.get $y2) (local.get $y3)))
      (local.set $products (i32.add (local.get $products) (i32.const 32)))
      (local.set $vector (i32.add (local.get $vector) (i32.shl (local.get $length) (i32.const 1))))
      (br_if $vectors (i32.lt_u (local.get $vector) (local.get $end)))))
  ;; The sum of the four parts of each of four.
  (func $sums (param $a v128) (param $b v128) (param $c v128) (param $d v128) (result v128)
    (local $ab v128) (local $cd v128)
    ;; a0 b0 a1 b1 + a2 b2 a3 b3: two parts of each are left.
    (local.set $ab
      (f32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $a) (local.get $b))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b))))
    (local.set $cd
      (f32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $c) (local.get $d))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $c) (local.get $d))))
    (f32x4.add
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $ab) (local.get $cd))
      (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $ab) (local.get $cd)))))
