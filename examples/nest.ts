// NestJS: a guard that lets in who is signed in, a decorator for the guarded store, and a filter for every refusal, which
// Nest would answer with 500.
import { Catch, Controller, createParamDecorator, Delete, Get, HttpCode } from '@nestjs/common'
import { Module, Param, UnauthorizedException } from '@nestjs/common'
import type { ArgumentsHost, CanActivate, ExecutionContext } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, BaseExceptionFilter } from '@nestjs/core'
import type { Request, Response } from 'express'
import { answerFor, storeFor, type AppStore } from './shared.js'

const stores = new WeakMap<Request, AppStore>()

class SignedIn implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<Request>()
    const store = storeFor(request.headers.authorization)
    if (store === undefined) throw new UnauthorizedException()
    stores.set(request, store)
    return true
  }
}

/** The store of who asks, as a parameter of a handler. */
const Store = createParamDecorator((_data: unknown, context) =>
  stores.get(context.switchToHttp().getRequest<Request>())
)

@Catch()
class Refusals extends BaseExceptionFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    const answer = answerFor(error)
    if (answer === undefined) super.catch(error, host)
    else host.switchToHttp().getResponse<Response>().status(answer.status).json(answer.body)
  }
}

@Controller('projects')
class Projects {
  @Get()
  list(@Store() store: AppStore): ReturnType<AppStore['projects']> {
    return store.projects()
  }

  @Delete(':id')
  @HttpCode(204)
  remove(@Store() store: AppStore, @Param('id') id: string): Promise<void> {
    return store.deleteProject(id)
  }
}

@Module({
  controllers: [Projects],
  providers: [
    { provide: APP_GUARD, useClass: SignedIn },
    { provide: APP_FILTER, useClass: Refusals }
  ]
})
export class AppModule {}
