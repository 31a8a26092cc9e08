import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Build step, after javac: {@code Prelink CLASSES} writes out in the class files of a folder what
 * javac leaves to be made at run time, namely pattern switches over types and strings, and {@code
 * equals} and {@code hashCode} of records. Each becomes a private method with the same meaning.
 *
 * <p>Why: the JVM makes these by generating classes when they are first reached. The AOT cache of
 * JDK 25 keeps such classes for lambdas and string concatenation but not for these, and they were
 * 40 of the 110 ms that the command line took to start a container. The source keeps its switches
 * and records.
 *
 * <p>The semantics are those of java.lang.runtime.SwitchBootstraps.typeSwitch and
 * java.lang.runtime.ObjectMethods. All tests run on the result, and one of them checks that nothing
 * is left over. A class that was done before is left as it is. The class path must have what the
 * classes depend on, for the frames of changed methods.
 */
class Prelink {
  private static final ClassDesc OBJECTS = ClassDesc.of("java.util.Objects");
  private static final MethodTypeDesc EQUAL = MethodTypeDesc.ofDescriptor("(Ljava/lang/Object;)Z");

  private final ClassFile classFile =
      ClassFile.of(
          ClassFile.ClassHierarchyResolverOption.of(
              ClassHierarchyResolver.ofResourceParsing(Prelink.class.getClassLoader())));

  public static void main(String[] args) throws IOException {
    var prelink = new Prelink();
    try (var files = Files.walk(Path.of(args[0]))) {
      for (var file : files.filter(Prelink::isCode).toList()) {
        prelink.change(file);
      }
    }
  }

  private static boolean isCode(Path file) {
    return file.toString().endsWith(".class") && !file.endsWith("module-info.class");
  }

  /** A method that takes the place of one call site. */
  private record Method(String name, MethodTypeDesc type, Consumer<CodeBuilder> body) {}

  private void change(Path file) throws IOException {
    var model = classFile.parse(file);
    var self = model.thisClass().asSymbol();
    boolean isInterface = model.flags().has(AccessFlag.INTERFACE);
    var methods = new ArrayList<Method>();
    var calls =
        ClassTransform.transformingMethodBodies(
            (CodeBuilder code, CodeElement element) -> {
              var method =
                  element instanceof InvokeDynamicInstruction site
                      ? method(site, methods.size())
                      : Optional.<Method>empty();
              if (method.isEmpty()) {
                code.with(element);
              } else {
                methods.add(method.get());
                code.invokestatic(self, method.get().name(), method.get().type(), isInterface);
              }
            });
    var bytes =
        classFile.transformClass(
            model,
            calls.andThen(
                ClassTransform.endHandler(
                    target -> {
                      for (var method : methods) {
                        target.withMethodBody(
                            method.name(),
                            method.type(),
                            ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
                            method.body());
                      }
                    })));
    if (!methods.isEmpty()) {
      Files.write(file, bytes);
    }
  }

  private static Optional<Method> method(InvokeDynamicInstruction site, int number) {
    return body(site).map(body -> new Method("prelinked$" + number, site.typeSymbol(), body));
  }

  /** What the method for a call site does; empty where the site stays as it is. */
  private static Optional<Consumer<CodeBuilder>> body(InvokeDynamicInstruction site) {
    var maker = site.bootstrapMethod();
    var arguments = site.bootstrapArgs();
    return switch (maker.owner().displayName() + "." + maker.methodName()) {
      case "SwitchBootstraps.typeSwitch" ->
          arguments.stream().allMatch(Prelink::isLabel)
              ? Optional.of(code -> choose(code, arguments))
              : Optional.empty();
      case "ObjectMethods.bootstrap" ->
          switch (site.name().stringValue()) {
            case "equals" -> Optional.of(code -> equal(code, record(arguments), fields(arguments)));
            case "hashCode" ->
                Optional.of(code -> hash(code, record(arguments), fields(arguments)));
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }

  private static boolean isLabel(ConstantDesc label) {
    return label instanceof ClassDesc || label instanceof String;
  }

  private static ClassDesc record(List<ConstantDesc> arguments) {
    return (ClassDesc) arguments.getFirst();
  }

  private static List<DirectMethodHandleDesc> fields(List<ConstantDesc> arguments) {
    return arguments.stream().skip(2).map(DirectMethodHandleDesc.class::cast).toList();
  }

  /** {@code (Object value, int from)}: the first label at or after from that fits; -1 for null. */
  private static void choose(CodeBuilder code, List<ConstantDesc> labels) {
    var present = code.newLabel();
    code.aload(0).ifnonnull(present).iconst_m1().ireturn().labelBinding(present);
    for (int i = 0; i < labels.size(); i++) {
      var next = code.newLabel();
      code.iload(1).loadConstant(i).if_icmpgt(next);
      if (labels.get(i) instanceof ClassDesc type) {
        code.aload(0).instanceOf(type);
      } else {
        code.loadConstant((String) labels.get(i)).aload(0);
        code.invokevirtual(ConstantDescs.CD_String, "equals", EQUAL);
      }
      code.ifeq(next).loadConstant(i).ireturn().labelBinding(next);
    }
    code.loadConstant(labels.size()).ireturn();
  }

  /** {@code (R record, Object other)}: whether that is an R with equal fields. */
  private static void equal(CodeBuilder code, ClassDesc self, List<DirectMethodHandleDesc> fields) {
    var another = code.newLabel();
    var different = code.newLabel();
    code.aload(0).aload(1).if_acmpne(another).iconst_1().ireturn().labelBinding(another);
    code.aload(1).instanceOf(self).ifeq(different).aload(1).checkcast(self).astore(2);
    for (var field : fields) {
      var type = field.invocationType().returnType();
      code.aload(0).getfield(self, field.methodName(), type);
      code.aload(2).getfield(self, field.methodName(), type);
      switch (type.descriptorString()) {
        case "Z", "B", "S", "C", "I" -> code.if_icmpne(different);
        case "J" -> code.lcmp().ifne(different);
        case "F", "D" ->
            code.invokestatic(
                    box(type), "compare", MethodTypeDesc.of(ConstantDescs.CD_int, type, type))
                .ifne(different);
        default ->
            code.invokestatic(
                    OBJECTS, "equals", EQUAL.insertParameterTypes(0, ConstantDescs.CD_Object))
                .ifeq(different);
      }
    }
    code.iconst_1().ireturn().labelBinding(different).iconst_0().ireturn();
  }

  /** {@code (R record)}: 31 times the hash code so far plus that of each field, from 0. */
  private static void hash(CodeBuilder code, ClassDesc self, List<DirectMethodHandleDesc> fields) {
    code.iconst_0();
    for (var field : fields) {
      var type = field.invocationType().returnType();
      var argument = type.isPrimitive() ? type : ConstantDescs.CD_Object;
      code.loadConstant(31).imul().aload(0).getfield(self, field.methodName(), type);
      code.invokestatic(
          type.isPrimitive() ? box(type) : OBJECTS,
          "hashCode",
          MethodTypeDesc.of(ConstantDescs.CD_int, argument));
      code.iadd();
    }
    code.ireturn();
  }

  private static ClassDesc box(ClassDesc primitive) {
    return switch (primitive.descriptorString()) {
      case "Z" -> ConstantDescs.CD_Boolean;
      case "B" -> ConstantDescs.CD_Byte;
      case "S" -> ConstantDescs.CD_Short;
      case "C" -> ConstantDescs.CD_Character;
      case "I" -> ConstantDescs.CD_Integer;
      case "J" -> ConstantDescs.CD_Long;
      case "F" -> ConstantDescs.CD_Float;
      default -> ConstantDescs.CD_Double;
    };
  }
}
