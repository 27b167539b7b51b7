package dev.mast3r.weights;

import dev.mast3r.error.ModelException;
import dev.mast3r.weights.PickledObjects.Global;
import dev.mast3r.weights.PickledObjects.Namespace;
import dev.mast3r.weights.PickledObjects.Tuple;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the pickle of a checkpoint as data. A pickle is a program that may call anything; this
 * machine knows the opcodes that torch.save writes (protocol 2) and can build numbers, texts,
 * containers and {@link PickledObjects}. Every other name, call or opcode is refused. Time and
 * memory are bounded by the length of the input.
 */
final class Pickle {

  private enum Atom {
    NONE,
    MARK
  }

  private final ByteBuffer input;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private Pickle(ByteBuffer input) {
    this.input = input.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Returns the object that the input describes: a Long, Double, Boolean, String, Map, List, one of
   * {@link PickledObjects}, or a value of no further use.
   *
   * @throws ModelException naming the position of what is not allowed or damaged
   */
  static Object read(ByteBuffer input) {
    Pickle machine = new Pickle(input);
    while (machine.input.hasRemaining()) {
      int opcode = machine.unsignedByte();
      if (opcode == '.') {
        return machine.result();
      }
      machine.step(opcode);
    }
    throw machine.damaged("ends too early");
  }

  private Object result() {
    if (stack.size() != 1 || stack.get(0) == Atom.MARK) {
      throw damaged("ends with " + stack.size() + " values");
    }
    return stack.get(0);
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> protocol(unsignedByte());
      case 'c' -> push(global());
      case 'q' -> memo.put(unsignedByte(), top());
      case 'r' -> memo.put(nonNegative(), top());
      case 'h' -> push(remembered(unsignedByte()));
      case 'j' -> push(remembered(nonNegative()));
      case '(' -> push(Atom.MARK);
      case ')' -> push(new Tuple(List.of()));
      case 0x85 -> tuple(1);
      case 0x86 -> tuple(2);
      case 0x87 -> tuple(3);
      case 't' -> push(new Tuple(popToMark()));
      case '}' -> push(new LinkedHashMap<>());
      case 's' -> setItems(popLast(2));
      case 'u' -> setItems(popToMark());
      case ']' -> push(new ArrayList<>());
      case 'a' -> append(popLast(1));
      case 'e' -> append(popToMark());
      case 'X' -> push(text(nonNegative()));
      case 'U' -> push(text(unsignedByte()));
      case 'J' -> push((long) take(4).getInt());
      case 'K' -> push((long) unsignedByte());
      case 'M' -> push((long) Short.toUnsignedInt(take(2).getShort()));
      case 0x8a -> push(longInteger(unsignedByte()));
      case 'G' -> push(take(8).order(ByteOrder.BIG_ENDIAN).getDouble());
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'N' -> push(Atom.NONE);
      case 0x81, 'R' -> call();
      case 'b' -> build();
      case 'Q' -> storage();
      default -> throw damaged("opcode 0x" + Integer.toHexString(opcode) + " is not supported");
    }
  }

  private void protocol(int version) {
    if (version > 3) {
      throw damaged("protocol " + version + " is not supported");
    }
  }

  private Global global() {
    Global global = new Global(line(), line());
    if (!PickledObjects.isAllowed(global)) {
      throw damaged("the name " + Quoted.of(global.toString()) + " is not allowed");
    }
    return global;
  }

  private String line() {
    int start = input.position();
    while (unsignedByte() != '\n') {
      if (input.position() - start > 1000) {
        throw damaged("a name is too long");
      }
    }
    return decode(start, input.position() - 1 - start);
  }

  private String text(int length) {
    int start = input.position();
    take(length);
    return decode(start, length);
  }

  private String decode(int start, int length) {
    return StandardCharsets.UTF_8.decode(input.slice(start, length)).toString();
  }

  private long longInteger(int length) {
    if (length > Long.BYTES) {
      throw damaged("an integer has more than 64 bits");
    }
    ByteBuffer bytes = take(length);
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (bytes.get(i) & 0xffL) << (8 * i);
    }
    int unused = Long.SIZE - 8 * length;
    return length == 0 ? 0 : value << unused >> unused;
  }

  private void tuple(int size) {
    push(new Tuple(popLast(size)));
  }

  private void setItems(List<Object> items) {
    Map<Object, Object> map = map(top());
    if (items.size() % 2 != 0) {
      throw damaged("a dictionary has a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      // containers as keys would have to be hashed, which may take for ever
      if (!(key instanceof String || key instanceof Long)) {
        throw damaged("a dictionary has a key that is neither a text nor an integer");
      }
      map.put(key, items.get(i + 1));
    }
  }

  private void append(List<Object> items) {
    if (!(top() instanceof ArrayList<?>)) {
      throw damaged("there is no list to append to");
    }
    @SuppressWarnings("unchecked") // only this class makes lists on the stack
    List<Object> list = (List<Object>) top();
    list.addAll(items);
  }

  private void call() {
    Object arguments = pop();
    Object function = pop();
    if (!(function instanceof Global global) || !(arguments instanceof Tuple tuple)) {
      throw damaged("a call of something that is no name");
    }
    push(
        PickledObjects.call(global, tuple.items())
            .orElseThrow(
                () ->
                    damaged(
                        "the call of "
                            + Quoted.of(global.toString())
                            + " has unexpected arguments")));
  }

  private void storage() {
    push(
        PickledObjects.storage(pop())
            .orElseThrow(() -> damaged("a persistent identifier is no storage")));
  }

  private void build() {
    Object state = pop();
    Object object = top();
    if (object instanceof Namespace namespace) {
      namespace.setAttributes(map(state));
    } else if (!(object instanceof LinkedHashMap<?, ?>)) {
      // a dictionary's attributes, as _metadata of a state dict, are of no use
      throw damaged("attributes are set on something that has none");
    }
  }

  private Map<Object, Object> map(Object value) {
    if (!(value instanceof LinkedHashMap<?, ?>)) {
      throw damaged("there is no dictionary where one is needed");
    }
    @SuppressWarnings("unchecked") // only this class makes maps on the stack
    Map<Object, Object> map = (Map<Object, Object>) value;
    return map;
  }

  private Object remembered(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw damaged("value " + index + " was never remembered");
    }
    return value;
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object top() {
    if (stack.isEmpty() || stack.get(stack.size() - 1) == Atom.MARK) {
      throw damaged("a value is missing");
    }
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    Object value = top();
    stack.remove(stack.size() - 1);
    return value;
  }

  private List<Object> popLast(int count) {
    Object[] values = new Object[count];
    for (int i = count - 1; i >= 0; i--) {
      values[i] = pop();
    }
    return List.of(values);
  }

  private List<Object> popToMark() {
    int mark = stack.lastIndexOf(Atom.MARK);
    if (mark < 0) {
      throw damaged("a mark is missing");
    }
    List<Object> tail = stack.subList(mark, stack.size());
    List<Object> values = List.copyOf(tail.subList(1, tail.size()));
    tail.clear();
    return values;
  }

  private int unsignedByte() {
    if (!input.hasRemaining()) {
      throw damaged("ends too early");
    }
    return Byte.toUnsignedInt(input.get());
  }

  private int nonNegative() {
    int value = take(4).getInt();
    if (value < 0) {
      throw damaged("a length is negative");
    }
    return value;
  }

  private ByteBuffer take(int length) {
    if (length > input.remaining()) {
      throw damaged("ends too early");
    }
    ByteBuffer bytes = input.slice(input.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    input.position(input.position() + length);
    return bytes;
  }

  private ModelException damaged(String problem) {
    return new ModelException("data.pkl, byte " + input.position() + ": " + problem);
  }
}
